package io.wgnetty.peers.cluster;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.peer.KnownStamps;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The greatest timestamps of peers' calls that any node has written, also of peers that are nowhere
 * by now; of as many peers as an interface may have. One thread hears of them, any may ask.
 */
final class HeardStamps implements KnownStamps {
  private final Map<PublicKey, byte[]> greatest = new ConcurrentHashMap<>();

  @Override
  public boolean isNews(PublicKey key, byte[] timestamp) {
    byte[] known = greatest.get(key);
    return known == null || Tai64n.compare(timestamp, known) > 0;
  }

  /** A node has written it. */
  void heard(PublicKey key, byte @Nullable [] timestamp) {
    boolean hasRoom = greatest.size() < DeviceControl.MAX_PEERS || greatest.containsKey(key);
    if (timestamp != null && hasRoom) {
      greatest.merge(key, timestamp, (a, b) -> Tai64n.compare(a, b) >= 0 ? a : b);
    }
  }
}
