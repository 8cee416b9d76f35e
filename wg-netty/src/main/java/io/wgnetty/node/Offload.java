package io.wgnetty.node;

import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.UdpSettings;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What {@code --no-offload} can switch off: each moves many packets with one system call. */
public enum Offload {
  /** Reading TCP super-packets from the interface. */
  TUN_TSO,
  /** Reading UDP super-packets from the interface. */
  TUN_USO,
  /** Writing neighbouring TCP segments to the interface as one. */
  TUN_TCP_GRO,
  /** Writing neighbouring UDP datagrams to the interface as one. */
  TUN_UDP_GRO,
  /** Sending many tunnel datagrams as one message. */
  UDP_GSO,
  /** Receiving many tunnel datagrams as one message. */
  UDP_GRO;

  private static final String ALL = "all";

  /** As it is written on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The offloads that a word names: one, or all.
   *
   * @throws IllegalArgumentException if there is none of this name; the message lists them
   */
  public static Set<Offload> named(String word) {
    if (word.equals(ALL)) {
      return EnumSet.allOf(Offload.class);
    }
    for (Offload offload : values()) {
      if (offload.word().equals(word)) {
        return EnumSet.of(offload);
      }
    }
    String words =
        String.join(", ", EnumSet.allOf(Offload.class).stream().map(Offload::word).toList());
    throw new IllegalArgumentException(
        "no offload is called '" + word + "'; there are " + words + ", " + ALL);
  }

  /** What is left to the interface's side. */
  public static TunOffloads tun(Set<Offload> off) {
    return new TunOffloads(
        !off.contains(TUN_TSO),
        !off.contains(TUN_USO),
        !off.contains(TUN_TCP_GRO),
        !off.contains(TUN_UDP_GRO));
  }

  /** What is left to the sockets' side. */
  public static UdpSettings udp(Set<Offload> off) {
    return UdpSettings.DEFAULT.withOffloads(!off.contains(UDP_GRO), !off.contains(UDP_GSO));
  }
}
