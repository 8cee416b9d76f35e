package io.wgnetty.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The compression function of BLAKE2s (RFC 7693, 3.2).
 *
 * <p>Its sixteen words of work are local variables, so that they can be registers, and only the
 * order in which a round takes the words of the message is looked up. Neither branch nor index
 * depends on data.
 */
final class Blake2sCompression {
  static final int BLOCK_BYTES = 64;
  static final int CHAIN_WORDS = 8;
  static final int BLOCK_WORDS = 16;

  static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int IV0 = 0x6a09_e667;
  private static final int IV1 = 0xbb67_ae85;
  private static final int IV2 = 0x3c6e_f372;
  private static final int IV3 = 0xa54f_f53a;
  private static final int IV4 = 0x510e_527f;
  private static final int IV5 = 0x9b05_688c;
  private static final int IV6 = 0x1f83_d9ab;
  private static final int IV7 = 0x5be0_cd19;

  /** Ten rounds, each of which takes the sixteen words in an order of its own. */
  private static final byte[] ORDER = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
    11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
    7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
    9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
    2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
    12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
    13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
    6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
    10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0
  };

  private Blake2sCompression() {}

  /**
   * The chain before the first block (RFC 7693, 2.5 and 3.3).
   *
   * @param keyBytes the length of the key, 0 for none
   */
  static void start(int[] chain, int outBytes, int keyBytes) {
    chain[0] = IV0 ^ 0x0101_0000 ^ keyBytes << 8 ^ outBytes;
    chain[1] = IV1;
    chain[2] = IV2;
    chain[3] = IV3;
    chain[4] = IV4;
    chain[5] = IV5;
    chain[6] = IV6;
    chain[7] = IV7;
  }

  /**
   * Takes one block into the chain.
   *
   * @param words {@value #BLOCK_WORDS} words to work with; they hold the message afterwards
   * @param absorbed bytes of the message up to the end of this block
   */
  static void compress(
      int[] chain, int[] words, byte[] block, int offset, long absorbed, boolean last) {
    for (int i = 0; i < BLOCK_WORDS; i++) {
      words[i] = (int) WORDS.get(block, offset + i * Integer.BYTES);
    }
    int v0 = chain[0];
    int v1 = chain[1];
    int v2 = chain[2];
    int v3 = chain[3];
    int v4 = chain[4];
    int v5 = chain[5];
    int v6 = chain[6];
    int v7 = chain[7];
    int v8 = IV0;
    int v9 = IV1;
    int v10 = IV2;
    int v11 = IV3;
    int v12 = IV4 ^ (int) absorbed;
    int v13 = IV5 ^ (int) (absorbed >>> Integer.SIZE);
    int v14 = last ? ~IV6 : IV6;
    int v15 = IV7;
    for (int round = 0; round < ORDER.length; round += BLOCK_WORDS) {
      v0 += v4 + words[ORDER[round]];
      v12 = Integer.rotateRight(v12 ^ v0, 16);
      v8 += v12;
      v4 = Integer.rotateRight(v4 ^ v8, 12);
      v0 += v4 + words[ORDER[round + 1]];
      v12 = Integer.rotateRight(v12 ^ v0, 8);
      v8 += v12;
      v4 = Integer.rotateRight(v4 ^ v8, 7);
      v1 += v5 + words[ORDER[round + 2]];
      v13 = Integer.rotateRight(v13 ^ v1, 16);
      v9 += v13;
      v5 = Integer.rotateRight(v5 ^ v9, 12);
      v1 += v5 + words[ORDER[round + 3]];
      v13 = Integer.rotateRight(v13 ^ v1, 8);
      v9 += v13;
      v5 = Integer.rotateRight(v5 ^ v9, 7);
      v2 += v6 + words[ORDER[round + 4]];
      v14 = Integer.rotateRight(v14 ^ v2, 16);
      v10 += v14;
      v6 = Integer.rotateRight(v6 ^ v10, 12);
      v2 += v6 + words[ORDER[round + 5]];
      v14 = Integer.rotateRight(v14 ^ v2, 8);
      v10 += v14;
      v6 = Integer.rotateRight(v6 ^ v10, 7);
      v3 += v7 + words[ORDER[round + 6]];
      v15 = Integer.rotateRight(v15 ^ v3, 16);
      v11 += v15;
      v7 = Integer.rotateRight(v7 ^ v11, 12);
      v3 += v7 + words[ORDER[round + 7]];
      v15 = Integer.rotateRight(v15 ^ v3, 8);
      v11 += v15;
      v7 = Integer.rotateRight(v7 ^ v11, 7);
      v0 += v5 + words[ORDER[round + 8]];
      v15 = Integer.rotateRight(v15 ^ v0, 16);
      v10 += v15;
      v5 = Integer.rotateRight(v5 ^ v10, 12);
      v0 += v5 + words[ORDER[round + 9]];
      v15 = Integer.rotateRight(v15 ^ v0, 8);
      v10 += v15;
      v5 = Integer.rotateRight(v5 ^ v10, 7);
      v1 += v6 + words[ORDER[round + 10]];
      v12 = Integer.rotateRight(v12 ^ v1, 16);
      v11 += v12;
      v6 = Integer.rotateRight(v6 ^ v11, 12);
      v1 += v6 + words[ORDER[round + 11]];
      v12 = Integer.rotateRight(v12 ^ v1, 8);
      v11 += v12;
      v6 = Integer.rotateRight(v6 ^ v11, 7);
      v2 += v7 + words[ORDER[round + 12]];
      v13 = Integer.rotateRight(v13 ^ v2, 16);
      v8 += v13;
      v7 = Integer.rotateRight(v7 ^ v8, 12);
      v2 += v7 + words[ORDER[round + 13]];
      v13 = Integer.rotateRight(v13 ^ v2, 8);
      v8 += v13;
      v7 = Integer.rotateRight(v7 ^ v8, 7);
      v3 += v4 + words[ORDER[round + 14]];
      v14 = Integer.rotateRight(v14 ^ v3, 16);
      v9 += v14;
      v4 = Integer.rotateRight(v4 ^ v9, 12);
      v3 += v4 + words[ORDER[round + 15]];
      v14 = Integer.rotateRight(v14 ^ v3, 8);
      v9 += v14;
      v4 = Integer.rotateRight(v4 ^ v9, 7);
    }
    chain[0] ^= v0 ^ v8;
    chain[1] ^= v1 ^ v9;
    chain[2] ^= v2 ^ v10;
    chain[3] ^= v3 ^ v11;
    chain[4] ^= v4 ^ v12;
    chain[5] ^= v5 ^ v13;
    chain[6] ^= v6 ^ v14;
    chain[7] ^= v7 ^ v15;
  }
}
