package io.wgnetty.peers.call;

import java.util.concurrent.TimeUnit;

/** So many a second; what was not used of a second may be used in the next. One thread. */
final class TokenBucket {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private double tokens;
  private long refilledNs;

  TokenBucket(int perSecond, long nowNs) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.refilledNs = nowNs;
  }

  boolean take(long nowNs) {
    tokens = Math.min(perSecond, tokens + (double) (nowNs - refilledNs) / SECOND_NS * perSecond);
    refilledNs = nowNs;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
