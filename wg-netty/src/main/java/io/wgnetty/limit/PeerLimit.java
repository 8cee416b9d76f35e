package io.wgnetty.limit;

/**
 * What a peer may carry, in both directions.
 *
 * @param in from the peer, through the tunnel, to the interface
 * @param out from the interface to the peer
 */
public record PeerLimit(RateLimit in, RateLimit out) {
  public static final PeerLimit NONE = new PeerLimit(RateLimit.NONE, RateLimit.NONE);

  public boolean isNone() {
    return in.isNone() && out.isNone();
  }

  /** As {@link LimitText} reads it. */
  @Override
  public String toString() {
    return LimitText.format(this);
  }
}
