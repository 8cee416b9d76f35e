package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.Quota;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was carried of quotas, in bytes since the present day or month began.
 *
 * @param peers of those with a quota of their own
 * @param groups of those with a quota, by name
 */
public record QuotaUse(Map<PublicKey, Used> peers, Map<String, Used> groups) {
  public static final QuotaUse NOTHING = new QuotaUse(Map.of(), Map.of());

  /**
   * What was carried of one.
   *
   * @param bytes in both directions
   */
  public record Used(Quota.Period period, long bytes) {
    /** Whether a quota is used up by it; one for another period is not known to be. */
    boolean isAllOf(Quota quota) {
      return quota.period() == period && bytes >= quota.bytes();
    }
  }

  /** Bytes, -1 if it is not known. */
  public long ofPeer(PublicKey key) {
    return bytes(peers.get(key));
  }

  /** Bytes, -1 if it is not known. */
  public long ofGroup(String name) {
    return bytes(groups.get(name));
  }

  private static long bytes(@Nullable Used used) {
    return used == null ? -1 : used.bytes();
  }

  boolean isUsedUp(PublicKey key, @Nullable Quota quota) {
    return isUsedUp(peers.get(key), quota);
  }

  boolean isUsedUp(String group, @Nullable Quota quota) {
    return isUsedUp(groups.get(group), quota);
  }

  private static boolean isUsedUp(@Nullable Used used, @Nullable Quota quota) {
    return used != null && quota != null && used.isAllOf(quota);
  }
}
