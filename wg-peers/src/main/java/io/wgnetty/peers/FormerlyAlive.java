package io.wgnetty.peers;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Sleeping peers that were alive when the node was killed: each is looked up, so many a second, and
 * once more if the source did not answer. On the keeper's thread.
 */
final class FormerlyAlive {
  /** At each look, which comes once a second: a quarter of all lookups, callers have the rest. */
  static final int AT_ONCE = OnCall.LOOKUPS_A_SECOND / 4;

  /** Who was not called after so long has noticed by itself. */
  static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);

  private final Predicate<PublicKey> lookUp;
  private final LongSupplier nowNs;
  private final ArrayDeque<PublicKey> waiting = new ArrayDeque<>();
  private final Set<PublicKey> asked = new HashSet<>();
  private long sinceNs;

  /**
   * There is nobody yet.
   *
   * @param lookUp begins a lookup; says no if it has to be tried again
   */
  FormerlyAlive(Predicate<PublicKey> lookUp, LongSupplier nowNs) {
    this.lookUp = lookUp;
    this.nowNs = nowNs;
  }

  /** These are to be looked up, from the next look on. */
  void expect(List<PublicKey> keys) {
    sinceNs = nowNs.getAsLong();
    waiting.addAll(keys);
  }

  /** Begins some lookups. */
  void look() {
    if (nowNs.getAsLong() - sinceNs > PATIENCE_NS) {
      waiting.clear();
      asked.clear();
    }
    for (int i = 0; i < AT_ONCE && !waiting.isEmpty(); i++) {
      PublicKey key = waiting.remove();
      if (!lookUp.test(key)) {
        waiting.addFirst(key);
        return;
      }
      asked.add(key);
    }
  }

  /** The source has said what it knows of somebody. */
  void answered(PublicKey key) {
    asked.remove(key);
  }

  /** The source did not answer. */
  void failed(PublicKey key) {
    if (asked.remove(key)) {
      waiting.add(key);
    }
  }
}
