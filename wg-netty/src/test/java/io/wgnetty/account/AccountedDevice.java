package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An interface whose counters a test sets. */
final class AccountedDevice {
  private final Map<PublicKey, PeerTraffic> carried = new LinkedHashMap<>();

  synchronized void carry(PublicKey key, long received, long sent) {
    carried.put(key, new PeerTraffic(key, received, sent, 0, -1));
  }

  synchronized void remove(PublicKey key) {
    carried.remove(key);
  }

  synchronized List<PeerTraffic> traffic() {
    return new ArrayList<>(carried.values());
  }
}
