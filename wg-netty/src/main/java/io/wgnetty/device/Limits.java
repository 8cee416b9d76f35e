package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the peers of an interface may carry, each alone and with others of its group. */
public interface Limits {
  /** Of an interface that knows none. */
  Limits NONE =
      new Limits() {
        @Override
        public void set(Map<PublicKey, PeerLimit> limits) {
          // there is nobody to keep them
        }

        @Override
        public PeerLimit of(PublicKey key) {
          return PeerLimit.NONE;
        }

        @Override
        public void setGroups(Map<String, PeerLimit> groups) {
          // nor these
        }

        @Override
        public Map<String, PeerLimit> groups() {
          return Map.of();
        }
      };

  /**
   * Limits these peers from now on; {@link PeerLimit#NONE} ends that. Without effect for a peer
   * that is gone. By the control thread.
   */
  void set(Map<PublicKey, PeerLimit> limits);

  /** What a peer may carry. Any thread. */
  PeerLimit of(PublicKey key);

  /**
   * What the peers of groups may carry together from now on, by the groups' names; a group that is
   * not there has no limit. By the control thread.
   */
  void setGroups(Map<String, PeerLimit> groups);

  /** What was set last. Any thread. */
  Map<String, PeerLimit> groups();

  /** The peers with a quota of their own or of their group's. Any thread. */
  default Map<PublicKey, PeerLimit> withQuota() {
    return Map.of();
  }

  /** The counters of these peers. Any thread. */
  default List<PeerTraffic> traffic(Collection<PublicKey> keys) {
    return List.of();
  }

  /** What was carried of quotas; those that are used up are kept to. By one thread. */
  default void use(QuotaUse use) {}

  /** What was told last. Any thread. */
  default QuotaUse use() {
    return QuotaUse.NOTHING;
  }

  /** How many peers are slowed or cut off by a quota that is used up. Any thread. */
  default int heldByQuotas() {
    return 0;
  }

  /** Is told, on the thread that sets it, that there is a quota for the first time. */
  default void onQuota(Runnable listener) {}
}
