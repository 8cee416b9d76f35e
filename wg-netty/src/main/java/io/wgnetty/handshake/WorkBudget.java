package io.wgnetty.handshake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much work may be done for others for nothing: a share of the time, of which as much as {@code
 * burstNs} is saved up. What is spent is charged afterwards, so it can be overdrawn; nothing is
 * granted until that is paid back. Any thread; no locks.
 */
public final class WorkBudget {
  /** Debts are forgiven beyond this: a node that was short of time once must not stay deaf. */
  private static final long MAX_DEBT_NS = 1_000_000_000L;

  private final double nsForWorkNs;
  private final long burstNs;

  /** Up to when what was spent uses the budget up. */
  private final AtomicLong spentUntilNs = new AtomicLong(Long.MIN_VALUE / 2);

  /**
   * A budget of which nothing is spent.
   *
   * @param share of the time, above 0; more than 1 if several threads work
   * @param burstNs time in which nothing was spent that counts later
   */
  public WorkBudget(double share, long burstNs) {
    this.nsForWorkNs = 1 / share;
    this.burstNs = burstNs;
  }

  /** Charges work that was done. */
  public void charge(long workNs, long nowNs) {
    long costNs = (long) (workNs * nsForWorkNs);
    spentUntilNs.updateAndGet(
        spentNs -> Math.min(Math.max(spentNs, nowNs - burstNs) + costNs, nowNs + MAX_DEBT_NS));
  }

  /** Whether anything is left. */
  public boolean isLeft(long nowNs) {
    return spentUntilNs.get() <= nowNs;
  }

  /** Whether more than half of what can be saved up is spent. */
  public boolean isScarce(long nowNs) {
    return spentUntilNs.get() > nowNs - burstNs / 2;
  }
}
