package io.wgnetty.handshake;

import io.wgnetty.protocol.CookieSecrets;
import java.util.random.RandomGenerator;

/**
 * What all loops of a node share when they judge handshake messages: the secret of the cookies, the
 * rates of sources, and what may be spent on strangers. Any thread.
 *
 * @param secrets of the cookies that every loop gives and takes
 * @param strangers computing for initiations that came to nothing
 * @param replies cookies sent
 */
public record HandshakeLimits(
    CookieSecrets secrets, SourceRates rates, WorkBudget strangers, WorkBudget replies) {
  /** Of the workers' time, what initiations that come to nothing may take together. */
  private static final double STRANGERS_SHARE = 0.25;

  private static final long STRANGERS_BURST_NS = 250_000_000L;

  /** What is charged for a cookie: 20,000 a second are sent at most. */
  static final long REPLY_NS = 50_000;

  private static final long REPLIES_BURST_NS = 100_000_000L;

  /**
   * Sources that the rates remember: what the kernel allows itself with more than 1 GiB of memory.
   */
  private static final int MAX_SOURCES = 8 * 8192;

  /** Limits of which nothing is used, for a node with so many workers. */
  public static HandshakeLimits of(int workers, RandomGenerator random) {
    return new HandshakeLimits(
        new CookieSecrets(random),
        new SourceRates(MAX_SOURCES, random),
        new WorkBudget(STRANGERS_SHARE * Math.max(1, workers), STRANGERS_BURST_NS),
        new WorkBudget(1, REPLIES_BURST_NS));
  }
}
