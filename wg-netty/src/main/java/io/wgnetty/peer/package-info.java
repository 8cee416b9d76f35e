/**
 * Peers and everything that one event loop owns of them: session slots, timers, staged packets,
 * allowed IPs, tables. Knows {@code protocol}. Pure: time and randomness come in as parameters,
 * effects go out through one interface.
 */
@NullMarked
package io.wgnetty.peer;

import org.jspecify.annotations.NullMarked;
