package io.wgnetty.crypto;

import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.jspecify.annotations.Nullable;

/** BLAKE2s (RFC 7693) in the two forms that the protocol uses: HASH and MAC (protocol 1.1). */
public final class Blake2s {
  public static final int HASH_BYTES = 32;
  public static final int MAC_BYTES = 16;

  private Blake2s() {}

  /** HASH over the concatenation of the parts: unkeyed, 32 bytes. */
  public static byte[] hash(byte[]... parts) {
    Blake2sDigest digest = new Blake2sDigest(null, HASH_BYTES, null, null);
    for (byte[] part : parts) {
      digest.update(part, 0, part.length);
    }
    byte[] out = new byte[HASH_BYTES];
    digest.doFinal(out, 0);
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
    digest(key, MAC_BYTES, data, offset, length, out, outOffset);
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
    Blake2sDigest digest = new Blake2sDigest(key, outLength, null, null);
    digest.update(data, offset, length);
    digest.doFinal(out, outOffset);
    if (key != null) {
      // doFinal readies the digest for another message by loading the key again
      digest.clearKey();
    }
  }
}
