package io.wgnetty.protocol;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.PublicKey;
import java.nio.charset.StandardCharsets;

/**
 * The two keys that follow from a static public key alone (protocol 1.2).
 *
 * <p>Who knows the public key knows them, so they are not secret from peers, only from strangers.
 */
final class IdentityLabels {
  private static final byte[] MAC1 = "mac1----".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] COOKIE = "cookie--".getBytes(StandardCharsets.US_ASCII);

  private IdentityLabels() {}

  /** The key of mac1 in messages to the owner of {@code key}. */
  static byte[] mac1Key(PublicKey key) {
    return Blake2s.hash(MAC1, key.toBytes());
  }

  /** The key of cookie replies from the owner of {@code key}. */
  static byte[] cookieKey(PublicKey key) {
    return Blake2s.hash(COOKIE, key.toBytes());
  }
}
