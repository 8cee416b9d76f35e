package io.wgnetty.crypto;

import java.util.Arrays;

/**
 * The key derivation of the handshake: HKDF with empty info over HMAC-BLAKE2s (protocol 1.1).
 *
 * <p>HMAC is RFC 2104 over unkeyed BLAKE2s, not the keyed mode that the MACs use.
 */
public final class Kdf {
  private static final int BLOCK_BYTES = 64;
  private static final int MAX_OUTPUTS = 3;
  private static final byte INNER_PAD = 0x36;
  private static final byte OUTER_PAD = 0x5c;

  private Kdf() {}

  /**
   * Fills 1 to 3 outputs of 32 bytes; any of them may be the array of {@code key} or {@code input}.
   */
  public static void derive(byte[] key, byte[] input, byte[]... outs) {
    if (outs.length == 0 || outs.length > MAX_OUTPUTS) {
      throw new IllegalArgumentException("1 to 3 outputs, not " + outs.length);
    }
    byte[] extracted = hmac(key, input);
    byte[] previous = new byte[0];
    for (int i = 0; i < outs.length; i++) {
      byte[] expansion = Arrays.copyOf(previous, previous.length + 1);
      expansion[previous.length] = (byte) (i + 1);
      wipe(previous);
      previous = hmac(extracted, expansion);
      wipe(expansion);
      System.arraycopy(previous, 0, outs[i], 0, Blake2s.HASH_BYTES);
    }
    wipe(previous);
    wipe(extracted);
  }

  /** HMAC-BLAKE2s, 32 bytes. */
  public static byte[] hmac(byte[] key, byte[] input) {
    byte[] block = new byte[BLOCK_BYTES];
    if (key.length > BLOCK_BYTES) {
      byte[] hashed = Blake2s.hash(key);
      System.arraycopy(hashed, 0, block, 0, hashed.length);
      wipe(hashed);
    } else {
      System.arraycopy(key, 0, block, 0, key.length);
    }
    xor(block, INNER_PAD);
    byte[] inner = Blake2s.hash(block, input);
    xor(block, (byte) (INNER_PAD ^ OUTER_PAD)); // takes the inner pad off and puts the outer on
    byte[] result = Blake2s.hash(block, inner);
    wipe(inner);
    wipe(block);
    return result;
  }

  private static void xor(byte[] block, byte pad) {
    for (int i = 0; i < block.length; i++) {
      block[i] ^= pad;
    }
  }

  private static void wipe(byte[] secret) {
    Arrays.fill(secret, (byte) 0);
  }
}
