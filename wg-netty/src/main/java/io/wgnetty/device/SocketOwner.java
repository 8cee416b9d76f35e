package io.wgnetty.device;

import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpSocket;

/** Whoever reads a socket: a loop with its chain. */
@FunctionalInterface
interface SocketOwner {
  /** Makes the socket a channel of the owner, with its chain, which is not read yet. Any thread. */
  UdpChannel register(UdpSocket socket);
}
