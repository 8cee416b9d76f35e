/**
 * Which records are in force: conflicts, expiry, and what follows from a change. Pure: no I/O, no
 * threads, no clock.
 */
@NullMarked
package io.wgnetty.peers.plan;

import org.jspecify.annotations.NullMarked;
