package io.wgnetty.client;

/** Takes what a node says of itself and of its peers, one after the other. */
public interface ReportReader {
  /** What it says of itself: comes first, and once. */
  void node(Facts node);

  void peer(Facts peer);
}
