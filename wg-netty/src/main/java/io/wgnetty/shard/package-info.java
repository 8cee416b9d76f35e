/**
 * The share of an interface's peers that one event loop owns: the rules of data packets and timers,
 * and what an interface does to all its peers. Effects go out through one interface. Pure.
 */
@NullMarked
package io.wgnetty.shard;

import org.jspecify.annotations.NullMarked;
