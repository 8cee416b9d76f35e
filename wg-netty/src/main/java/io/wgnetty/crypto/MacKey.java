package io.wgnetty.crypto;

import java.util.Arrays;

/**
 * A key of MAC that is used for many messages: the block that it is has been compressed, which is a
 * third of the work for a handshake message. Threads may share it.
 */
public final class MacKey {
  final byte[] key;
  final int[] afterKey = new int[Blake2sCompression.CHAIN_WORDS];

  /**
   * Copies the key.
   *
   * @param key 32 bytes, or the 16 of a cookie
   */
  public MacKey(byte[] key) {
    this.key = key.clone();
    Blake2sState state = new Blake2sState();
    state.start(key, Blake2s.MAC_BYTES);
    state.suspend(afterKey);
  }

  /** Overwrites the key; what is computed with it from now on is of no use. */
  public void wipe() {
    Arrays.fill(key, (byte) 0);
    Arrays.fill(afterKey, 0);
  }
}
