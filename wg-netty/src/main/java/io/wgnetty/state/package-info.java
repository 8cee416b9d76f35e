/**
 * How what a process knows is written down for the one that takes its place: fields one after the
 * other, each checked when it is read. Who has the fields writes and reads them.
 */
@NullMarked
package io.wgnetty.state;

import org.jspecify.annotations.NullMarked;
