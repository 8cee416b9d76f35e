package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota;
import io.wgnetty.limit.SharedLimit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What was set for peers and groups, what was carried of quotas, and what follows from that for
 * each peer. Any thread may read; one sets limits, another may tell of quotas.
 */
final class LimitTable {
  private final ConcurrentHashMap<PublicKey, PeerLimit> peers = new ConcurrentHashMap<>();
  private volatile Map<String, PeerLimit> groups = Map.of();

  /** Of groups that have or had rates: for peers on several loops they have to be the same. */
  private final ConcurrentHashMap<String, SharedLimit> shared = new ConcurrentHashMap<>();

  private volatile QuotaUse use = QuotaUse.NOTHING;

  void set(PublicKey key, PeerLimit limit) {
    if (limit.isNone()) {
      peers.remove(key);
    } else {
      peers.put(key, limit);
    }
  }

  PeerLimit of(PublicKey key) {
    return peers.getOrDefault(key, PeerLimit.NONE);
  }

  Map<String, PeerLimit> groups() {
    return groups;
  }

  QuotaUse use() {
    return use;
  }

  /** Replaces all groups; returns the peers for which that means something. */
  List<PublicKey> setGroups(Map<String, PeerLimit> wanted) {
    Map<String, PeerLimit> before = groups;
    Set<String> changed = new HashSet<>();
    wanted.forEach(
        (name, limit) -> {
          if (!limit.equals(before.get(name))) {
            changed.add(name);
            if (limit.hasRates()) {
              shared.computeIfAbsent(name, absent -> new SharedLimit(limit)).change(limit);
            }
          }
        });
    before.keySet().stream().filter(name -> !wanted.containsKey(name)).forEach(changed::add);
    groups = Map.copyOf(wanted);
    List<PublicKey> members = new ArrayList<>();
    peers.forEach(
        (key, limit) -> {
          if (limit.group() != null && changed.contains(limit.group())) {
            members.add(key);
          }
        });
    return members;
  }

  private PeerLimit groupOf(PeerLimit limit) {
    String group = limit.group();
    return group == null ? PeerLimit.NONE : groups.getOrDefault(group, PeerLimit.NONE);
  }

  /** Whether a peer with this limit has a quota of its own or of its group's. */
  boolean hasQuota(PeerLimit limit) {
    return limit.quota() != null || groupOf(limit).quota() != null;
  }

  /** The peers with a quota of their own or of their group's. */
  Map<PublicKey, PeerLimit> withQuota() {
    Map<PublicKey, PeerLimit> found = new HashMap<>();
    peers.forEach(
        (key, limit) -> {
          if (hasQuota(limit)) {
            found.put(key, limit);
          }
        });
    return found;
  }

  /** Takes what was carried of quotas; returns the peers that are held to what follows one. */
  Set<PublicKey> use(QuotaUse newUse) {
    use = newUse;
    Set<PublicKey> held = new HashSet<>();
    peers.forEach(
        (key, limit) -> {
          if (ownUsedUp(key, limit) != null || groupUsedUp(limit) != null) {
            held.add(key);
          }
        });
    return held;
  }

  private @Nullable Quota ownUsedUp(PublicKey key, PeerLimit limit) {
    return use.isUsedUp(key, limit.quota()) ? limit.quota() : null;
  }

  private @Nullable Quota groupUsedUp(PeerLimit limit) {
    String name = limit.group();
    Quota quota = groupOf(limit).quota();
    return name != null && use.isUsedUp(name, quota) ? quota : null;
  }

  /** What holds for a peer now. */
  FlowTerms terms(PublicKey key) {
    PeerLimit limit = of(key);
    String name = limit.group();
    boolean together = name != null && groupOf(limit).hasRates();
    FlowTerms terms = FlowTerms.of(limit, together ? shared.get(name) : null);
    Quota own = ownUsedUp(key, limit);
    terms = own == null ? terms : terms.after(own);
    Quota ofGroup = groupUsedUp(limit);
    return ofGroup == null ? terms : terms.after(ofGroup);
  }
}
