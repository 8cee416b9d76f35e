package io.wgnetty.limit;

/**
 * Both directions of a peer that has a limit, or has had one.
 *
 * @param in from the peer to the interface
 * @param out from the interface to the peer
 */
public record PeerFlows(LimitedFlow in, LimitedFlow out) {
  public PeerFlows(PeerLimit limit, HeldMemory memory) {
    this(new LimitedFlow(limit.in(), memory), new LimitedFlow(limit.out(), memory));
  }

  /** Goes on with another limit. */
  public void change(PeerLimit limit, long nowNs) {
    in.change(limit.in(), nowNs);
    out.change(limit.out(), nowNs);
  }

  public PeerLimit limit() {
    return new PeerLimit(in.limit(), out.limit());
  }
}
