package io.wgnetty.limit;

/**
 * Both directions of a peer that has a limit, or has had one.
 *
 * @param in from the peer to the interface
 * @param out from the interface to the peer
 */
public record PeerFlows(LimitedFlow in, LimitedFlow out) {
  public PeerFlows(FlowTerms terms, LoopLimits limits) {
    this(new LimitedFlow(terms.in(), limits), new LimitedFlow(terms.out(), limits));
  }

  /** Goes on with other terms. */
  public void change(FlowTerms terms, long nowNs) {
    in.change(terms.in(), nowNs);
    out.change(terms.out(), nowNs);
  }
}
