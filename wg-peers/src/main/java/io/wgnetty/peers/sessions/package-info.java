/**
 * Which node of a cluster each peer is at, decided without the world: no I/O, no clock, no threads.
 */
@NullMarked
package io.wgnetty.peers.sessions;

import org.jspecify.annotations.NullMarked;
