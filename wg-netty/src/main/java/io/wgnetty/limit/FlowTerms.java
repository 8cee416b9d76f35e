package io.wgnetty.limit;

import org.jspecify.annotations.Nullable;

/**
 * What a peer's traffic is held to at a moment: its own limit, its quota and its group's if they
 * are used up, and the limit that it shares with its group.
 *
 * @param in from the peer
 * @param out to the peer
 */
public record FlowTerms(Way in, Way out) {
  public static final FlowTerms NONE = new FlowTerms(Way.NONE, Way.NONE);

  /** What holds packets back, and so what is said of those that are dropped. */
  public enum Cause {
    LIMIT,
    GROUP_LIMIT,
    QUOTA
  }

  /**
   * One direction.
   *
   * @param rate what the peer alone may carry
   * @param open whether anything may be carried at all
   * @param ofQuota whether a quota that is used up has made it so
   * @param shared what it may carry together with its group; {@code null} if there is no such limit
   */
  public record Way(RateLimit rate, boolean open, boolean ofQuota, @Nullable SharedPace shared) {
    static final Way NONE = new Way(RateLimit.NONE, true, false, null);

    boolean isNone() {
      return open && rate.isNone() && shared == null;
    }

    /** A quota is used up, and this is what happens then. */
    private Way then(RateLimit then, boolean ends) {
      RateLimit slower = rate.and(then);
      return new Way(slower, open && !ends, ofQuota || ends || !slower.equals(rate), shared);
    }
  }

  /** The terms of a peer with this limit, whose group has this shared one. */
  public static FlowTerms of(PeerLimit limit, @Nullable SharedLimit shared) {
    return new FlowTerms(
        new Way(limit.in(), true, false, shared == null ? null : shared.in()),
        new Way(limit.out(), true, false, shared == null ? null : shared.out()));
  }

  /** The same when this quota is used up. */
  public FlowTerms after(Quota quota) {
    boolean ends = quota.endsTraffic();
    return new FlowTerms(in.then(quota.thenIn(), ends), out.then(quota.thenOut(), ends));
  }

  public boolean isNone() {
    return in.isNone() && out.isNone();
  }
}
