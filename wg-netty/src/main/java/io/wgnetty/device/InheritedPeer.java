package io.wgnetty.device;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.limit.RateLimit;
import io.wgnetty.peer.Peer;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a peer on its way to another process.
 *
 * @param presharedKey all zero if none is set
 */
record InheritedPeer(
    PublicKey publicKey,
    PresharedKey presharedKey,
    int keepaliveSeconds,
    PeerLimit limit,
    @Nullable String label,
    List<IpPrefix> allowedIps) {
  /** More than any label, quota or group's name has. */
  private static final int MAX_TEXT_BYTES = 4096;

  private static final int MAX_KEEPALIVE_SECONDS = 0xffff;

  /** Writes a peer down; on its owner's thread, and nobody changes its prefixes meanwhile. */
  static void save(
      Peer peer,
      AllowedIps<Peer> allowedIps,
      PeerLimit limit,
      @Nullable String label,
      StateWriter out) {
    out.bytes(peer.publicKey().toBytes());
    byte[] psk = peer.presharedKey().copyBytes();
    out.bytes(psk);
    Arrays.fill(psk, (byte) 0);
    out.int32(peer.keepaliveSeconds());
    save(limit, out);
    save(label, out);
    List<IpPrefix> prefixes = allowedIps.prefixes(peer);
    out.int32(prefixes.size());
    for (IpPrefix prefix : prefixes) {
      prefix.save(out);
    }
  }

  /** What {@link #save} wrote down. */
  static InheritedPeer restored(StateReader in) {
    PublicKey key = PublicKey.of(in.bytes(PublicKey.BYTES));
    byte[] psk = in.bytes(PresharedKey.BYTES);
    PresharedKey presharedKey = PresharedKey.of(psk);
    Arrays.fill(psk, (byte) 0);
    int keepalive = in.int32(0, MAX_KEEPALIVE_SECONDS, "a keepalive interval");
    PeerLimit limit = limit(in);
    String label = text(in);
    int count = in.count(Integer.MAX_VALUE);
    List<IpPrefix> prefixes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      prefixes.add(IpPrefix.restored(in));
    }
    return new InheritedPeer(key, presharedKey, keepalive, limit, label, prefixes);
  }

  /**
   * Makes a new peer one like this, apart from its label and its prefixes; on its owner's thread.
   *
   * @param terms which follow from its limit
   */
  void configure(Peer peer, FlowTerms terms, long nowNs) {
    peer.setPresharedKey(presharedKey);
    peer.setTerms(terms, nowNs);
    if (keepaliveSeconds != 0) {
      peer.timers().setPersistentInterval(keepaliveSeconds);
    }
  }

  private static void save(PeerLimit limit, StateWriter out) {
    for (RateLimit way : List.of(limit.in(), limit.out())) {
      out.int64(way.bitsPerSecond());
      out.int64(way.packetsPerSecond());
    }
    Quota quota = limit.quota();
    save(quota == null ? null : quota.toString(), out);
    save(limit.group(), out);
  }

  private static void save(@Nullable String text, StateWriter out) {
    out.bool(text != null);
    if (text != null) {
      out.text(text);
    }
  }

  private static @Nullable String text(StateReader in) {
    return in.bool() ? in.text(MAX_TEXT_BYTES) : null;
  }

  private static PeerLimit limit(StateReader in) {
    PeerLimit rates = new PeerLimit(way(in), way(in));
    String quota = text(in);
    String group = text(in);
    try {
      return rates
          .withQuota(quota == null ? null : QuotaText.parse(quota))
          .withGroup(group == null ? null : GroupText.name(group));
    } catch (IllegalArgumentException e) {
      throw new MalformedStateException("a quota or a group cannot be read");
    }
  }

  private static RateLimit way(StateReader in) {
    long bits = in.int64();
    long packets = in.int64();
    try {
      return new RateLimit(bits, packets);
    } catch (IllegalArgumentException e) {
      throw new MalformedStateException("a limit is " + bits + " bits, " + packets + " packets");
    }
  }
}
