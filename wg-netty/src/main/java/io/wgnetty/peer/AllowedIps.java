package io.wgnetty.peer;

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
      PrefixTable<P> family = family(first.isIpv6());
      AllowedIp<P> entry = family.find(first.high, first.low, first.length());
      assert entry == first : "a listed prefix is in the table";
      list.unlink(first);
      if (entry != null) {
        family.remove(entry);
        size--;
      }
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
