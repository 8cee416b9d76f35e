/**
 * A process and the interfaces that it runs: from its beginning to its end, with signals,
 * readiness, the service manager and configuration files. Knows {@code control}, {@code observe},
 * {@code setup} and all below, and nothing of command lines.
 */
@NullMarked
package io.wgnetty.node;

import org.jspecify.annotations.NullMarked;
