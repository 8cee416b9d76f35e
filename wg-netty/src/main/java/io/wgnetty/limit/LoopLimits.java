package io.wgnetty.limit;

import java.util.HashMap;
import java.util.Map;

/**
 * What limits of all peers of a loop have in common: how much waits, which is bounded however many
 * there are, and the loop's shares of the limits of groups. Not thread-safe.
 */
public final class LoopLimits {
  static final int MOST_BYTES = 16 << 20;

  private final Map<SharedPace, PaceShare> shares = new HashMap<>();
  private int bytes;

  boolean hasRoom(int more) {
    return bytes + more <= MOST_BYTES;
  }

  void add(int more) {
    bytes += more;
  }

  /** Bytes of packets that wait. */
  public int bytes() {
    return bytes;
  }

  PaceShare share(SharedPace shared) {
    return shares.computeIfAbsent(shared, PaceShare::new);
  }
}
