/** The commands. Knows everything below. */
@NullMarked
package io.wgnetty.cli;

import org.jspecify.annotations.NullMarked;
