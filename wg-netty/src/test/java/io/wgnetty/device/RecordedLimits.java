package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import java.util.HashMap;
import java.util.Map;

/** Remembers what was set, and limits nobody. */
public final class RecordedLimits implements Limits {
  private final Map<PublicKey, PeerLimit> all = new HashMap<>();
  private Map<String, PeerLimit> groups = Map.of();

  @Override
  public void set(Map<PublicKey, PeerLimit> limits) {
    all.putAll(limits);
  }

  @Override
  public void setGroups(Map<String, PeerLimit> wanted) {
    groups = Map.copyOf(wanted);
  }

  @Override
  public Map<String, PeerLimit> groups() {
    return groups;
  }

  @Override
  public PeerLimit of(PublicKey key) {
    return all.getOrDefault(key, PeerLimit.NONE);
  }
}
