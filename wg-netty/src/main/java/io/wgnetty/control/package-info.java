/**
 * How a running interface is configured: the UAPI socket. Runs on its own thread and changes peers
 * by tasks to their owners. Knows {@code device}.
 */
@NullMarked
package io.wgnetty.control;

import org.jspecify.annotations.NullMarked;
