package io.wgnetty.udp;

/** Numbers of Linux's socket interface: levels, options, families, flags (protocol 8.3). */
final class SocketOptions {
  static final int SOL_SOCKET = 1;
  static final int IPPROTO_IP = 0;
  static final int IPPROTO_UDP = 17;
  static final int IPPROTO_IPV6 = 41;

  static final int SO_TYPE = 3;
  static final int SO_SNDBUF = 7;
  static final int SO_RCVBUF = 8;
  static final int SO_REUSEPORT = 15;
  static final int SO_SNDBUFFORCE = 32;
  static final int SO_RCVBUFFORCE = 33;
  static final int SO_MARK = 36;
  static final int SO_DOMAIN = 39;
  static final int SO_ATTACH_REUSEPORT_CBPF = 51;
  static final int SO_MEMINFO = 55;

  static final int IP_TOS = 1;
  static final int IP_PKTINFO = 8;
  static final int IP_MTU_DISCOVER = 10;
  static final int IP_RECVTOS = 13;

  static final int IPV6_MTU_DISCOVER = 23;
  static final int IPV6_V6ONLY = 26;
  static final int IPV6_RECVPKTINFO = 49;
  static final int IPV6_PKTINFO = 50;
  static final int IPV6_RECVTCLASS = 66;
  static final int IPV6_TCLASS = 67;

  static final int UDP_SEGMENT = 103;
  static final int UDP_GRO = 104;

  static final int SOCK_DGRAM = 2;

  static final int AF_INET = 2;
  static final int AF_INET6 = 10;

  /** The control data had no room for all there was. */
  static final int MSG_CTRUNC = 0x08;

  /** The datagram was longer than the memory for it. */
  static final int MSG_TRUNC = 0x20;

  private SocketOptions() {}
}
