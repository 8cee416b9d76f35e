package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.Limits;
import io.wgnetty.device.QuotaUse;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what was carried of quotas, of each peer and each group. It looks from outside of the loops,
 * at peers with a quota alone: what is carried between two looks may be too much.
 */
final class QuotaMeter {
  private static final Logger LOG = LoggerFactory.getLogger(QuotaMeter.class);

  private final Accounts accounts;
  private final Limits limits;
  private boolean any;

  QuotaMeter(Accounts accounts, Limits limits) {
    this.accounts = accounts;
    this.limits = limits;
  }

  /** Looks once; by one thread. */
  void look() {
    Map<PublicKey, PeerLimit> peers = limits.withQuota();
    if (peers.isEmpty() && !any) {
      return;
    }
    any = !peers.isEmpty();
    try {
      limits.use(use(peers));
    } catch (RejectedExecutionException e) {
      LOG.debug("the interface ends", e);
    } catch (RuntimeException e) {
      LOG.error("quotas could not be looked at", e);
    }
  }

  private QuotaUse use(Map<PublicKey, PeerLimit> peers) {
    Map<String, PeerLimit> groups = limits.groups();
    boolean months =
        peers.values().stream().anyMatch(limit -> isMonthly(limit.quota()))
            || groups.values().stream().anyMatch(limit -> isMonthly(limit.quota()));
    Map<PublicKey, Carried> carried =
        accounts.carried(() -> limits.traffic(peers.keySet()), months);
    Map<PublicKey, QuotaUse.Used> ofPeers = new HashMap<>();
    Map<String, QuotaUse.Used> ofGroups = new HashMap<>();
    carried.forEach(
        (key, each) -> {
          PeerLimit limit = peers.getOrDefault(key, PeerLimit.NONE);
          Quota quota = limit.quota();
          if (quota != null) {
            ofPeers.put(key, used(quota, each));
          }
          String group = limit.group();
          Quota together =
              group == null ? null : groups.getOrDefault(group, PeerLimit.NONE).quota();
          if (group != null && together != null) {
            ofGroups.merge(
                group,
                used(together, each),
                (one, other) -> new QuotaUse.Used(one.period(), one.bytes() + other.bytes()));
          }
        });
    return new QuotaUse(ofPeers, ofGroups);
  }

  private static boolean isMonthly(@Nullable Quota quota) {
    return quota != null && quota.period() == Quota.Period.MONTH;
  }

  private static QuotaUse.Used used(Quota quota, Carried carried) {
    return new QuotaUse.Used(
        quota.period(), quota.period() == Quota.Period.DAY ? carried.today() : carried.thisMonth());
  }
}
