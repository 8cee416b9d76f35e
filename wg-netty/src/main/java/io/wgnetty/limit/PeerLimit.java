package io.wgnetty.limit;

import org.jspecify.annotations.Nullable;

/**
 * What a peer may carry, in both directions; or what all peers of a group may carry together.
 *
 * @param in from the peer, through the tunnel, to the interface
 * @param out from the interface to the peer
 * @param quota how much it may carry in a day or a month; {@code null} for any amount
 * @param group whose limit and quota the peer shares with others, beside its own; {@code null} if
 *     it is in none
 */
public record PeerLimit(
    RateLimit in, RateLimit out, @Nullable Quota quota, @Nullable String group) {
  public static final PeerLimit NONE = new PeerLimit(RateLimit.NONE, RateLimit.NONE);

  /** Rates alone. */
  public PeerLimit(RateLimit in, RateLimit out) {
    this(in, out, null, null);
  }

  /** Whether there is nothing to keep to. */
  public boolean isNone() {
    return !hasRates() && quota == null && group == null;
  }

  /** Whether it limits what may be carried in a second. */
  public boolean hasRates() {
    return !in.isNone() || !out.isNone();
  }

  /** The same with the rates of another one. */
  public PeerLimit withRates(PeerLimit rates) {
    return new PeerLimit(rates.in, rates.out, quota, group);
  }

  public PeerLimit withQuota(@Nullable Quota other) {
    return new PeerLimit(in, out, other, group);
  }

  public PeerLimit withGroup(@Nullable String other) {
    return new PeerLimit(in, out, quota, other);
  }

  /** The rates, as {@link LimitText} reads them. */
  @Override
  public String toString() {
    return LimitText.format(in, out);
  }
}
