/**
 * What is known of each peer: where it is, its sessions and their indices, its timers, how far its
 * handshakes are, what waits for it. Holds state and keeps it consistent; what is to be done is
 * decided in {@code handshake} and {@code shard}. Pure: time and randomness come in as parameters.
 */
@NullMarked
package io.wgnetty.peer;

import org.jspecify.annotations.NullMarked;
