package io.wgnetty.handshake;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RateLimiter;
import java.util.random.RandomGenerator;

/**
 * How often each source may be served while work for strangers is scarce: one table for a node, so
 * that a source gets no more because it reaches several loops. Loops wait for each other here, for
 * one look into a table, and only in a flood.
 *
 * <p>Proven and claimed addresses count apart, so that nobody uses up another's rate in his name.
 */
public final class SourceRates {
  private final RateLimiter proven;
  private final RateLimiter claimed;

  /**
   * Rates of which nothing is used.
   *
   * @param maxSources how many sources each table remembers; any more are refused
   */
  public SourceRates(int maxSources, RandomGenerator random) {
    this.proven = new RateLimiter(maxSources, random);
    this.claimed = new RateLimiter(maxSources, random);
  }

  /** Whether a source that has shown a cookie may be served. */
  synchronized boolean allowProven(Endpoint source, long nowNs) {
    return proven.allow(source, nowNs);
  }

  /** Whether a source that says to be this one may be served. */
  synchronized boolean allowClaimed(Endpoint source, long nowNs) {
    return claimed.allow(source, nowNs);
  }
}
