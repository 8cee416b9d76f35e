package io.wgnetty.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * ChaCha20-Poly1305 with a nonce of 24 bytes, which may be random: the cipher of cookie replies.
 *
 * <p>HChaCha20 makes a key of the first 16 bytes of the nonce; the other 8 are the inner nonce.
 */
public final class XChaCha20Poly1305 {
  public static final int NONCE_BYTES = 24;
  private static final int SUBKEY_NONCE_BYTES = 16;
  private static final int DOUBLE_ROUNDS = 10;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private XChaCha20Poly1305() {}

  public static void seal(
      Aead aead,
      byte[] key,
      byte[] nonce24,
      byte[] aad,
      byte[] plaintext,
      byte[] out,
      int outOffset) {
    byte[] subkey = hchacha20(key, nonce24);
    aead.seal(subkey, innerNonce(nonce24), aad, plaintext, out, outOffset);
    Arrays.fill(subkey, (byte) 0);
  }

  /**
   * Opens ciphertext and tag.
   *
   * @return false if they are not authentic; the output is then unspecified
   */
  public static boolean open(
      Aead aead,
      byte[] key,
      byte[] nonce24,
      byte[] aad,
      byte[] in,
      int inOffset,
      int inLength,
      byte[] out,
      int outOffset) {
    byte[] subkey = hchacha20(key, nonce24);
    boolean authentic =
        aead.open(subkey, innerNonce(nonce24), aad, in, inOffset, inLength, out, outOffset);
    Arrays.fill(subkey, (byte) 0);
    return authentic;
  }

  private static long innerNonce(byte[] nonce24) {
    return (long) LONGS.get(nonce24, SUBKEY_NONCE_BYTES);
  }

  /** HChaCha20 (draft-irtf-cfrg-xchacha 2.2) of a key and the first 16 bytes of the nonce. */
  static byte[] hchacha20(byte[] key, byte[] nonce) {
    int[] s = new int[16];
    s[0] = 0x6170_7865;
    s[1] = 0x3320_646e;
    s[2] = 0x7962_2d32;
    s[3] = 0x6b20_6574;
    for (int i = 0; i < 8; i++) {
      s[4 + i] = (int) INTS.get(key, 4 * i);
    }
    for (int i = 0; i < 4; i++) {
      s[12 + i] = (int) INTS.get(nonce, 4 * i);
    }
    for (int i = 0; i < DOUBLE_ROUNDS; i++) {
      quarterRound(s, 0, 4, 8, 12);
      quarterRound(s, 1, 5, 9, 13);
      quarterRound(s, 2, 6, 10, 14);
      quarterRound(s, 3, 7, 11, 15);
      quarterRound(s, 0, 5, 10, 15);
      quarterRound(s, 1, 6, 11, 12);
      quarterRound(s, 2, 7, 8, 13);
      quarterRound(s, 3, 4, 9, 14);
    }
    // The first and the last row, without the addition that ends a ChaCha20 block.
    byte[] subkey = new byte[Aead.KEY_BYTES];
    for (int i = 0; i < 4; i++) {
      INTS.set(subkey, 4 * i, s[i]);
      INTS.set(subkey, 16 + 4 * i, s[12 + i]);
    }
    Arrays.fill(s, 0);
    return subkey;
  }

  private static void quarterRound(int[] s, int a, int b, int c, int d) {
    s[a] += s[b];
    s[d] = Integer.rotateLeft(s[d] ^ s[a], 16);
    s[c] += s[d];
    s[b] = Integer.rotateLeft(s[b] ^ s[c], 12);
    s[a] += s[b];
    s[d] = Integer.rotateLeft(s[d] ^ s[a], 8);
    s[c] += s[d];
    s[b] = Integer.rotateLeft(s[b] ^ s[c], 7);
  }
}
