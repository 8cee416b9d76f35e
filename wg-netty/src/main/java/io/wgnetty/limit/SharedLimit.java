package io.wgnetty.limit;

/**
 * The limit of a group, which its peers on all loops share.
 *
 * @param in from the peers
 * @param out to the peers
 */
public record SharedLimit(SharedPace in, SharedPace out) {
  public SharedLimit(PeerLimit limit) {
    this(new SharedPace(limit.in()), new SharedPace(limit.out()));
  }

  /** Goes on with another limit. */
  public void change(PeerLimit limit) {
    in.change(limit.in());
    out.change(limit.out());
  }
}
