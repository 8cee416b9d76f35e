/**
 * Handshakes: which messages are worth computing anything for, when our own attempts begin and how
 * they go on, how the peers' are answered, and the lanes in which the costly steps wait for
 * somebody to compute them. Knows peers, but not what their sessions carry. Pure.
 */
@NullMarked
package io.wgnetty.handshake;

import org.jspecify.annotations.NullMarked;
