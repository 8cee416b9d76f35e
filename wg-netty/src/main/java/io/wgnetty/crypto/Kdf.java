package io.wgnetty.crypto;

import java.util.Arrays;

/**
 * The key derivation of the handshake: HKDF with empty info over HMAC-BLAKE2s (protocol 1.1).
 *
 * <p>HMAC is RFC 2104 over unkeyed BLAKE2s, not the keyed mode that the MACs use. One derivation
 * after the other uses the same memory, and wipes it. Used by one thread at a time.
 */
public final class Kdf {
  private static final int BLOCK_BYTES = Blake2sCompression.BLOCK_BYTES;
  private static final int MAX_OUTPUTS = 3;
  private static final byte INNER_PAD = 0x36;
  private static final byte OUTER_PAD = 0x5c;
  private static final byte[] NOTHING = new byte[0];

  private final Blake2sState state;
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] extracted = new byte[Blake2s.HASH_BYTES];
  private final byte[] inner = new byte[Blake2s.HASH_BYTES];

  /** An output and the number of the next one. */
  private final byte[] expansion = new byte[Blake2s.HASH_BYTES + 1];

  /** Both pads of the extracted key, compressed once for all outputs. */
  private final int[] afterInnerPad = new int[Blake2sCompression.CHAIN_WORDS];

  private final int[] afterOuterPad = new int[Blake2sCompression.CHAIN_WORDS];

  /** Derives with this state, which others may use in between. */
  public Kdf(Blake2sState state) {
    this.state = state;
  }

  /**
   * Fills 1 to 3 outputs of 32 bytes; any of them may be the array of {@code key} or {@code input}.
   */
  public void derive(byte[] key, byte[] input, byte[]... outs) {
    if (outs.length == 0 || outs.length > MAX_OUTPUTS) {
      throw new IllegalArgumentException("1 to 3 outputs, not " + outs.length);
    }
    hmac(key, input, extracted);
    setKey(extracted);
    int length = 0;
    for (int i = 0; i < outs.length; i++) {
      expansion[length] = (byte) (i + 1);
      state.resume(afterInnerPad);
      state.update(expansion, 0, length + 1);
      state.finish(inner, 0, Blake2s.HASH_BYTES);
      state.resume(afterOuterPad);
      state.update(inner, 0, Blake2s.HASH_BYTES);
      state.finish(expansion, 0, Blake2s.HASH_BYTES);
      length = Blake2s.HASH_BYTES;
      System.arraycopy(expansion, 0, outs[i], 0, Blake2s.HASH_BYTES);
    }
    wipe();
  }

  /** HMAC-BLAKE2s, 32 bytes, which may replace key or input. */
  void hmac(byte[] key, byte[] input, byte[] out) {
    pad(key, INNER_PAD);
    state.hash(block, input, inner);
    pad(key, OUTER_PAD);
    state.hash(block, inner, out);
    Arrays.fill(block, (byte) 0);
    Arrays.fill(inner, (byte) 0);
  }

  private void setKey(byte[] key) {
    pad(key, INNER_PAD);
    suspendAfterBlock(afterInnerPad);
    pad(key, OUTER_PAD);
    suspendAfterBlock(afterOuterPad);
  }

  private void suspendAfterBlock(int[] afterBlock) {
    state.start(Blake2s.HASH_BYTES);
    state.update(block, 0, BLOCK_BYTES);
    state.suspend(afterBlock);
  }

  private void pad(byte[] key, byte pad) {
    Arrays.fill(block, (byte) 0);
    if (key.length > BLOCK_BYTES) {
      state.hash(key, NOTHING, block);
    } else {
      System.arraycopy(key, 0, block, 0, key.length);
    }
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] ^= pad;
    }
  }

  private void wipe() {
    Arrays.fill(block, (byte) 0);
    Arrays.fill(extracted, (byte) 0);
    Arrays.fill(inner, (byte) 0);
    Arrays.fill(expansion, (byte) 0);
    Arrays.fill(afterInnerPad, 0);
    Arrays.fill(afterOuterPad, 0);
  }
}
