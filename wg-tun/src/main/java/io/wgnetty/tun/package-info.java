/**
 * A Linux TUN interface as a Netty channel: open and configure it, read and write it in batches,
 * cut super-packets and put packets together, follow its link state. Knows Netty's epoll transport
 * and JNA; knows nothing of WireGuard.
 */
@NullMarked
package io.wgnetty.tun;

import org.jspecify.annotations.NullMarked;
