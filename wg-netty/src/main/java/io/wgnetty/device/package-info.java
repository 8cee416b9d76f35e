/**
 * An interface's life: event loops, sockets, queues, ownership of peers, handshake workers. Knows
 * {@code pipeline} and wg-tun.
 */
@NullMarked
package io.wgnetty.device;

import org.jspecify.annotations.NullMarked;
