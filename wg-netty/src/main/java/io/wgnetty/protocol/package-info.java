/**
 * The messages of WireGuard and what is computed from them: Noise handshake, cookies, replay
 * window, rate limiter. Knows {@code crypto}. Time and randomness come in as parameters.
 */
@NullMarked
package io.wgnetty.protocol;

import org.jspecify.annotations.NullMarked;
