package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;

/** What is known of initiations that other nodes have accepted. */
@FunctionalInterface
public interface KnownStamps {
  /** There are no other nodes. */
  KnownStamps NONE = (key, timestamp) -> true;

  /**
   * Whether an initiation of this key with this timestamp (TAI64N) is newer than all that are known
   * of elsewhere. Any thread; waits for nothing.
   */
  boolean isNews(PublicKey key, byte[] timestamp);
}
