package io.wgnetty.tun;

/** The kinds of flow whose packets can be put together: by family and protocol. */
enum FlowKind {
  TCP4(true, false),
  TCP6(true, true),
  UDP4(false, false),
  UDP6(false, true);

  private final boolean tcp;
  private final boolean ipv6;
  private final int transportOffset;

  FlowKind(boolean tcp, boolean ipv6) {
    this.tcp = tcp;
    this.ipv6 = ipv6;
    this.transportOffset = ipv6 ? TransportHeader.IPV6_BYTES : TransportHeader.IPV4_BYTES;
  }

  boolean isTcp() {
    return tcp;
  }

  boolean isIpv6() {
    return ipv6;
  }

  /** Without options and extension headers, which no packet has that is put together. */
  int transportOffset() {
    return transportOffset;
  }

  int protocol() {
    return tcp ? TransportHeader.TCP : TransportHeader.UDP;
  }

  int gsoType() {
    if (!tcp) {
      return VirtioHeader.GSO_UDP_L4;
    }
    return ipv6 ? VirtioHeader.GSO_TCPV6 : VirtioHeader.GSO_TCPV4;
  }

  int checksumOffset() {
    return tcp ? VirtioHeader.TCP_CSUM_OFFSET : VirtioHeader.UDP_CSUM_OFFSET;
  }
}
