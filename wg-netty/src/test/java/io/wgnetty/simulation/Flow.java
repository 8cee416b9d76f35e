package io.wgnetty.simulation;

import io.wgnetty.crypto.PublicKey;

/**
 * One direction between two nodes: what the sender's operator has configured about the receiver,
 * and the traffic offered.
 */
final class Flow {
  static final int SILENT = 0;

  final int number;
  final int from;
  final int to;

  /** What {@code from} has configured: 32 zeros for none. */
  byte[] presharedKey = new byte[32];

  int keepaliveSeconds;

  /** Whom {@code from} takes {@code to} for. */
  PublicKey knownKey;

  /** Nanoseconds between packets, {@link #SILENT} if there are none. */
  long intervalNs;

  /** Tells events of an earlier phase that they are of no interest any more. */
  int generation;

  /** Since when traffic has been offered without anything coming through, though it should. */
  long waitingSinceNs;

  private Flow reverse;

  Flow(int number, int from, int to, PublicKey knownKey) {
    this.number = number;
    this.from = from;
    this.to = to;
    this.knownKey = knownKey;
  }

  void join(Flow other) {
    reverse = other;
    other.reverse = this;
  }

  Flow reverse() {
    return reverse;
  }

  boolean isTalking() {
    return intervalNs != SILENT;
  }

  @Override
  public String toString() {
    return from + "->" + to;
  }
}
