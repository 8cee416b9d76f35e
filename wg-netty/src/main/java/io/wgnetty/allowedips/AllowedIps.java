package io.wgnetty.allowedips;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The cryptokey routing table: which peer an address belongs to (protocol 5).
 *
 * <p>One thread writes. Any number of threads look up without a lock, and each lookup sees the
 * table as it was at one instant. Each prefix that comes, goes or moves to another peer is one such
 * instant; the removal of a peer with several prefixes is as many.
 *
 * @param <P> the peers
 */
public final class AllowedIps<P extends AllowedIps.Owner> {

  /** A peer: it keeps the chain of its own prefixes. */
  public interface Owner {
    AllowedIpList allowedIps();
  }

  private final PrefixTable<P> ipv4 = new PrefixTable<>();
  private final PrefixTable<P> ipv6 = new PrefixTable<>();
  private int size;

  /** Gives a prefix to a peer; whoever had it before loses it. It becomes the peer's last. */
  public void insert(IpPrefix prefix, P peer) {
    PrefixTable<P> family = family(prefix.isIpv6());
    AllowedIp<P> old = family.find(prefix.high(), prefix.low(), prefix.length());
    if (old != null && old.belongsTo(peer)) {
      peer.allowedIps().unlink(old);
      peer.allowedIps().append(old);
      old.stale = false;
      return;
    }
    AllowedIp<P> entry = new AllowedIp<>(prefix, peer);
    family.put(entry);
    peer.allowedIps().append(entry);
    if (old == null) {
      size++;
    } else {
      old.owner.allowedIps().unlink(old);
    }
  }

  /** Takes a prefix from a peer. Without effect unless exactly this prefix is the peer's. */
  public void remove(IpPrefix prefix, P peer) {
    PrefixTable<P> family = family(prefix.isIpv6());
    AllowedIp<P> entry = family.find(prefix.high(), prefix.low(), prefix.length());
    if (entry == null || !entry.belongsTo(peer)) {
      return;
    }
    family.remove(entry);
    peer.allowedIps().unlink(entry);
    size--;
  }

  /** Takes all prefixes from a peer, in time linear in their number. */
  public void removeAll(P peer) {
    AllowedIpList list = peer.allowedIps();
    for (AllowedIp<?> first = list.first(); first != null; first = list.first()) {
      remove(first, list);
    }
  }

  /**
   * Begins to replace a peer's list: from here to {@link #endReplacement} what is inserted is the
   * new list, in parts as large as one likes. What is in both stays where it is all the time.
   */
  public void beginReplacement(P peer) {
    for (AllowedIp<?> entry = peer.allowedIps().first(); entry != null; entry = entry.next) {
      entry.stale = true;
    }
  }

  /** Takes from a peer what was not inserted again since {@link #beginReplacement}. */
  public void endReplacement(P peer) {
    AllowedIpList list = peer.allowedIps();
    // What is inserted goes to the end of the list, so that the rest is at its front.
    for (AllowedIp<?> first = list.first(); first != null && first.stale; first = list.first()) {
      remove(first, list);
    }
  }

  private void remove(AllowedIp<?> listed, AllowedIpList list) {
    PrefixTable<P> family = family(listed.isIpv6());
    AllowedIp<P> entry = family.find(listed.high, listed.low, listed.length());
    assert entry == listed : "a listed prefix is in the table";
    list.unlink(listed);
    if (entry != null) {
      family.remove(entry);
      size--;
    }
  }

  /** The peer that an IPv4 address belongs to, by the longest prefix; any thread. */
  public @Nullable P lookupV4(int address) {
    return ipv4.longestMatch((long) address << 32, 0);
  }

  /** The peer that an IPv6 address belongs to, by the longest prefix; any thread. */
  public @Nullable P lookupV6(long high, long low) {
    return ipv6.longestMatch(high, low);
  }

  /** A peer's prefixes in the order in which it got them; the writer's thread only. */
  public List<IpPrefix> prefixes(P peer) {
    return peer.allowedIps().prefixes();
  }

  /** Whether nothing at all is left of the tables; any thread. */
  public boolean isEmpty() {
    return ipv4.isEmpty() && ipv6.isEmpty();
  }

  /** How many prefixes all peers have; the writer's thread only. */
  public int size() {
    return size;
  }

  private PrefixTable<P> family(boolean isIpv6) {
    return isIpv6 ? ipv6 : ipv4;
  }
}
