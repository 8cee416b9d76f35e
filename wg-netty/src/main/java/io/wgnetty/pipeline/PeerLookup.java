package io.wgnetty.pipeline;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.inner.InnerPacket;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.SleepingPeers;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the peer that an inner packet's address belongs to. Neighbours in a batch mostly have the
 * same address, so the last answer is kept until the next batch.
 */
final class PeerLookup {
  private final AllowedIps<Peer> allowedIps;
  private boolean knowsV4;
  private int lastV4;
  private @Nullable Peer peerV4;
  private boolean knowsV6;
  private long lastHigh;
  private long lastLow;
  private @Nullable Peer peerV6;

  PeerLookup(AllowedIps<Peer> allowedIps) {
    this.allowedIps = allowedIps;
  }

  /** Begins a batch: the table may have changed since the last one. */
  void begin() {
    knowsV4 = false;
    knowsV6 = false;
    peerV4 = null;
    peerV6 = null;
  }

  /** The peer of a packet's source address. */
  @Nullable Peer bySource(ByteBuffer bytes, int offset) {
    return InnerPacket.isIpv6(bytes, offset)
        ? lookupV6(InnerPacket.sourceHigh(bytes, offset), InnerPacket.sourceLow(bytes, offset))
        : lookupV4(InnerPacket.sourceV4(bytes, offset));
  }

  /** The peer of a packet's destination address. */
  @Nullable Peer byDestination(ByteBuffer bytes, int offset) {
    return InnerPacket.isIpv6(bytes, offset)
        ? lookupV6(
            InnerPacket.destinationHigh(bytes, offset), InnerPacket.destinationLow(bytes, offset))
        : lookupV4(InnerPacket.destinationV4(bytes, offset));
  }

  /** Who sleeps at a packet's destination, which is no peer's. */
  static @Nullable PublicKey sleeper(SleepingPeers sleepers, ByteBuffer bytes, int offset) {
    return InnerPacket.isIpv6(bytes, offset)
        ? sleepers.find(
            true,
            InnerPacket.destinationHigh(bytes, offset),
            InnerPacket.destinationLow(bytes, offset))
        : sleepers.find(false, (long) InnerPacket.destinationV4(bytes, offset) << 32, 0);
  }

  private @Nullable Peer lookupV4(int address) {
    if (!knowsV4 || address != lastV4) {
      peerV4 = allowedIps.lookupV4(address);
      lastV4 = address;
      knowsV4 = true;
    }
    return peerV4;
  }

  private @Nullable Peer lookupV6(long high, long low) {
    if (!knowsV6 || low != lastLow || high != lastHigh) {
      peerV6 = allowedIps.lookupV6(high, low);
      lastHigh = high;
      lastLow = low;
      knowsV6 = true;
    }
    return peerV6;
  }
}
