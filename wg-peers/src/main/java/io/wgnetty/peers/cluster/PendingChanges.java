package io.wgnetty.peers.cluster;

import io.wgnetty.peers.etcd.EtcdLeases.Change;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Changes that wait to be written: of each key the latest one. So there are never more than peers.
 * Any thread.
 */
final class PendingChanges {
  private final Map<String, Change> changes = new LinkedHashMap<>();

  private boolean closed;

  synchronized void add(Change change) {
    // In its first place: who changes all the time must not come last all the time.
    changes.put(change.name(), change);
    notifyAll();
  }

  /** Those could not be written; what came for the same keys meanwhile counts. */
  synchronized void putBack(List<Change> some) {
    some.forEach(change -> changes.putIfAbsent(change.name(), change));
  }

  /** Waits until there is one, or for so long. */
  synchronized void await(long ms) throws InterruptedException {
    long beganNs = System.nanoTime();
    long leftMs = ms;
    while (changes.isEmpty() && leftMs > 0 && !closed) {
      wait(leftMs);
      leftMs = ms - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNs);
    }
  }

  /** The first that came. */
  synchronized List<Change> take(int max) {
    List<Change> taken = new ArrayList<>();
    Iterator<Change> all = changes.values().iterator();
    while (taken.size() < max && all.hasNext()) {
      taken.add(all.next());
      all.remove();
    }
    return taken;
  }

  /** Nobody waits for more. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized int size() {
    return changes.size();
  }
}
