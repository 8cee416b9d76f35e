package io.wgnetty.protocol;

import io.wgnetty.crypto.XChaCha20Poly1305;
import java.util.random.RandomGenerator;

/**
 * Random nonces of cookie replies, drawn many at once: a flood asks for hundreds of thousands a
 * second. They are no secrets.
 *
 * <p>What was drawn is used for a second at most, so that a virtual machine that is copied does not
 * long repeat what its original says. Used by one thread.
 */
final class NonceSource {
  static final int DRAWN_BYTES = 64 * XChaCha20Poly1305.NONCE_BYTES;
  private static final long MAX_AGE_NS = 1_000_000_000L;

  private final RandomGenerator random;
  private final byte[] drawn = new byte[DRAWN_BYTES];
  private int used = drawn.length;
  private long drawnNs;

  /** Draws from a generator that is a cryptographic one outside of tests. */
  NonceSource(RandomGenerator random) {
    this.random = random;
  }

  void next(byte[] nonce, long nowNs) {
    if (used == drawn.length || nowNs - drawnNs >= MAX_AGE_NS) {
      random.nextBytes(drawn);
      used = 0;
      drawnNs = nowNs;
    }
    System.arraycopy(drawn, used, nonce, 0, nonce.length);
    used += nonce.length;
  }
}
