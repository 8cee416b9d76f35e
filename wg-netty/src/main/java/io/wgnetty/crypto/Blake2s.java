package io.wgnetty.crypto;

import org.jspecify.annotations.Nullable;

/**
 * BLAKE2s (RFC 7693) in the two forms that the protocol uses: HASH and MAC (protocol 1.1). For
 * those who compute it now and then; who does so often keeps a {@link Blake2sState}.
 */
public final class Blake2s {
  public static final int HASH_BYTES = 32;
  public static final int MAC_BYTES = 16;
  static final int MAX_KEY_BYTES = 32;

  private Blake2s() {}

  /** HASH over the concatenation of the parts: unkeyed, 32 bytes. */
  public static byte[] hash(byte[]... parts) {
    Blake2sState state = new Blake2sState();
    state.start(HASH_BYTES);
    for (byte[] part : parts) {
      state.update(part, 0, part.length);
    }
    byte[] out = new byte[HASH_BYTES];
    state.finish(out, 0, HASH_BYTES);
    return out;
  }

  /**
   * MAC: the keyed mode of BLAKE2s with 16 as its output length parameter, which is another value
   * than the first half of a 32-byte digest.
   *
   * @param key 32 bytes, or the 16 of a cookie
   */
  public static void mac(
      byte[] key, byte[] data, int offset, int length, byte[] out, int outOffset) {
    new Blake2sState().mac(key, data, offset, length, out, outOffset);
  }

  /** Any mode of BLAKE2s without salt; the tests compare all of them with the RFC. */
  static void digest(
      byte @Nullable [] key,
      int outLength,
      byte[] data,
      int offset,
      int length,
      byte[] out,
      int outOffset) {
    Blake2sState state = new Blake2sState();
    if (key == null) {
      state.start(outLength);
    } else {
      state.start(key, outLength);
    }
    state.update(data, offset, length);
    state.finish(out, outOffset, outLength);
  }
}
