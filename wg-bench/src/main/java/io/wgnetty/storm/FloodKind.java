package io.wgnetty.storm;

import java.util.Locale;

/** What a flood is made of. */
enum FloodKind {
  /** Initiations with a valid mac1 and nothing genuine, each from a source drawn at random. */
  FORGED,
  /** The same from one address, which takes the answers, too. */
  ONE_SOURCE,
  /** The same from 65,536 sources in turn, which never come back. */
  SWEEP,
  /** Bytes at random, of lengths at random. */
  JUNK,
  /** Initiations of real peers, each older than the peer's latest. */
  REPLAY,
  /** Initiations with a wrong mac1. */
  WRONG_MAC1,
  /** Initiations with an ephemeral key of small order. */
  LOW_ORDER_EPHEMERAL,
  /** Initiations whose sealed static key is of small order. */
  LOW_ORDER_STATIC,
  /** Initiations whose sealed static key is well and nobody's. */
  UNKNOWN_KEY;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
