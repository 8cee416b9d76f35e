package io.wgnetty.crypto;

import java.util.Arrays;

/**
 * BLAKE2s (RFC 7693) for those who compute it often: one digest after the other with the same
 * memory, so that none makes garbage, and nothing of a message or key is left behind by it.
 *
 * <p>Used by one thread at a time.
 */
public final class Blake2sState {
  private static final int BLOCK_BYTES = Blake2sCompression.BLOCK_BYTES;

  private final int[] chain = new int[Blake2sCompression.CHAIN_WORDS];
  private final int[] words = new int[Blake2sCompression.BLOCK_WORDS];

  /** What is not compressed yet: the last block has to be known as such. */
  private final byte[] pending = new byte[BLOCK_BYTES];

  private int pendingBytes;
  private long absorbed;

  /** HASH over the concatenation of two parts, which may be {@code out} itself: 32 bytes. */
  public void hash(byte[] first, byte[] second, byte[] out) {
    hash(first, second, 0, second.length, out);
  }

  /** The same with a range as the second part. */
  public void hash(byte[] first, byte[] second, int offset, int length, byte[] out) {
    start(Blake2s.HASH_BYTES);
    update(first, 0, first.length);
    update(second, offset, length);
    finish(out, 0, Blake2s.HASH_BYTES);
  }

  /** MAC, as {@link Blake2s#mac}. */
  public void mac(byte[] key, byte[] data, int offset, int length, byte[] out, int outOffset) {
    start(key, Blake2s.MAC_BYTES);
    update(data, offset, length);
    finish(out, outOffset, Blake2s.MAC_BYTES);
  }

  /** MAC under a key that is used often. */
  public void mac(MacKey key, byte[] data, int offset, int length, byte[] out, int outOffset) {
    start(key, length);
    update(data, offset, length);
    finish(out, outOffset, Blake2s.MAC_BYTES);
  }

  /**
   * Whether the 16 bytes at {@code macOffset} are the MAC of all before them. How long that takes
   * does not depend on how much of it is right.
   */
  public boolean isMac(MacKey key, byte[] message, int macOffset) {
    start(key, macOffset);
    return endsWithMac(message, macOffset);
  }

  /** The same under a key that is used once. */
  public boolean isMac(byte[] key, byte[] message, int macOffset) {
    start(key, Blake2s.MAC_BYTES);
    return endsWithMac(message, macOffset);
  }

  private boolean endsWithMac(byte[] message, int macOffset) {
    update(message, 0, macOffset);
    compressLast();
    int difference = 0;
    for (int i = 0; i < Blake2s.MAC_BYTES / Integer.BYTES; i++) {
      int word = (int) Blake2sCompression.WORDS.get(message, macOffset + i * Integer.BYTES);
      difference |= chain[i] ^ word;
    }
    wipe();
    return difference == 0;
  }

  /** Begins a digest without a key. */
  void start(int outBytes) {
    Blake2sCompression.start(chain, outBytes, 0);
    pendingBytes = 0;
    absorbed = 0;
  }

  /** Begins a digest with a key, which is a block of its own before the message. */
  void start(byte[] key, int outBytes) {
    if (key.length == 0 || key.length > Blake2s.MAX_KEY_BYTES) {
      throw new IllegalArgumentException("a key has 1 to 32 bytes, not " + key.length);
    }
    Blake2sCompression.start(chain, outBytes, key.length);
    System.arraycopy(key, 0, pending, 0, key.length);
    Arrays.fill(pending, key.length, BLOCK_BYTES, (byte) 0);
    pendingBytes = BLOCK_BYTES;
    absorbed = 0;
  }

  private void start(MacKey key, int length) {
    if (length == 0) {
      start(key.key, Blake2s.MAC_BYTES); // the key's block is then the last one
    } else {
      resume(key.afterKey);
    }
  }

  /** Goes on after one block, as it was {@link #suspend}ed; more has to follow. */
  void resume(int[] afterBlock) {
    System.arraycopy(afterBlock, 0, chain, 0, afterBlock.length);
    pendingBytes = 0;
    absorbed = BLOCK_BYTES;
  }

  /** Hands the state after the first block out, to go on from there more than once. */
  void suspend(int[] afterBlock) {
    if (pendingBytes != BLOCK_BYTES || absorbed != 0) {
      throw new IllegalStateException("not at the end of the first block");
    }
    compressPending();
    System.arraycopy(chain, 0, afterBlock, 0, afterBlock.length);
    wipe();
  }

  void update(byte[] data, int offset, int length) {
    int from = offset;
    int end = offset + length;
    if (pendingBytes > 0) {
      int taken = Math.min(BLOCK_BYTES - pendingBytes, length);
      System.arraycopy(data, from, pending, pendingBytes, taken);
      pendingBytes += taken;
      from += taken;
      if (from == end) {
        return;
      }
      compressPending();
    }
    while (end - from > BLOCK_BYTES) {
      absorbed += BLOCK_BYTES;
      Blake2sCompression.compress(chain, words, data, from, absorbed, false);
      from += BLOCK_BYTES;
    }
    pendingBytes = end - from;
    System.arraycopy(data, from, pending, 0, pendingBytes);
  }

  /** Ends the digest and writes the first {@code outBytes} of it. */
  void finish(byte[] out, int outOffset, int outBytes) {
    compressLast();
    int wholeWords = outBytes / Integer.BYTES;
    for (int i = 0; i < wholeWords; i++) {
      Blake2sCompression.WORDS.set(out, outOffset + i * Integer.BYTES, chain[i]);
    }
    for (int i = wholeWords * Integer.BYTES; i < outBytes; i++) {
      int shift = Byte.SIZE * (i % Integer.BYTES);
      out[outOffset + i] = (byte) (chain[wholeWords] >>> shift);
    }
    wipe();
  }

  private void compressPending() {
    absorbed += BLOCK_BYTES;
    Blake2sCompression.compress(chain, words, pending, 0, absorbed, false);
    pendingBytes = 0;
  }

  private void compressLast() {
    Arrays.fill(pending, pendingBytes, BLOCK_BYTES, (byte) 0);
    absorbed += pendingBytes;
    Blake2sCompression.compress(chain, words, pending, 0, absorbed, true);
  }

  private void wipe() {
    Arrays.fill(chain, 0);
    Arrays.fill(words, 0);
    Arrays.fill(pending, (byte) 0);
  }
}
