package io.wgnetty.device;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.peer.Peer;
import io.wgnetty.pipeline.NanoClock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings limits to the peers, each on its owner's thread, and knows which were set. What holds for
 * a peer is worked out there from what was set last, so that whoever sets something, and whoever
 * tells of quotas, may do so at the same time.
 */
final class PeerLimits implements Limits {
  private final PeerOwners owners;
  private final NanoClock clock;
  private final LimitTable table = new LimitTable();

  /** Who is held to what follows a quota, by its own or its group's. Set by the quotas' thread. */
  private volatile Set<PublicKey> held = Set.of();

  private volatile Runnable quotaListener = () -> {};

  PeerLimits(PeerOwners owners, NanoClock clock) {
    this.owners = owners;
    this.clock = clock;
  }

  @Override
  public void set(Map<PublicKey, PeerLimit> limits) {
    List<Peer> peers = owners.find(limits.keySet());
    for (Peer peer : peers) {
      remember(peer.publicKey(), limits.getOrDefault(peer.publicKey(), PeerLimit.NONE));
    }
    bring(peers);
    if (peers.stream().anyMatch(peer -> table.hasQuota(of(peer.publicKey())))) {
      quotaListener.run();
    }
  }

  private void bring(List<Peer> peers) {
    owners.visit(peers, (shard, peer) -> peer.setTerms(terms(peer.publicKey()), clock.nowNs()));
  }

  private void lookForQuotas() {
    if (!withQuota().isEmpty()) {
      quotaListener.run();
    }
  }

  /** What the peer may carry; whoever has the peer is told besides. */
  void remember(PublicKey key, PeerLimit limit) {
    table.set(key, limit);
  }

  @Override
  public PeerLimit of(PublicKey key) {
    return table.of(key);
  }

  /** The peer is removed. */
  void forget(PublicKey key) {
    table.set(key, PeerLimit.NONE);
  }

  @Override
  public void setGroups(Map<String, PeerLimit> wanted) {
    bring(owners.find(table.setGroups(wanted)));
    lookForQuotas();
  }

  @Override
  public Map<String, PeerLimit> groups() {
    return table.groups();
  }

  /** What holds for a peer now. Any thread. */
  FlowTerms terms(PublicKey key) {
    return table.terms(key);
  }

  @Override
  public Map<PublicKey, PeerLimit> withQuota() {
    return table.withQuota();
  }

  @Override
  public List<PeerTraffic> traffic(Collection<PublicKey> keys) {
    return owners.find(keys).stream()
        .map(
            peer ->
                new PeerTraffic(peer.publicKey(), peer.receivedBytes(), peer.sentBytes(), 0, -1))
        .toList();
  }

  @Override
  public void use(QuotaUse newUse) {
    Set<PublicKey> before = held;
    Set<PublicKey> now = table.use(newUse);
    held = now;
    bring(owners.find(before.stream().filter(key -> !now.contains(key)).toList()));
    List<Peer> fresh = owners.find(now.stream().filter(key -> !before.contains(key)).toList());
    bring(fresh);
    owners.visit(fresh, (shard, peer) -> shard.events().limitReached(peer, DropReason.SEND_QUOTA));
  }

  @Override
  public QuotaUse use() {
    return table.use();
  }

  @Override
  public int heldByQuotas() {
    return held.size();
  }

  @Override
  public void onQuota(Runnable listener) {
    quotaListener = listener;
    lookForQuotas();
  }
}
