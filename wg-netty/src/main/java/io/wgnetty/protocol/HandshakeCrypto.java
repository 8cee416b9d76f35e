package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.Kdf;
import io.wgnetty.crypto.X25519;
import java.util.random.RandomGenerator;

/** What a thread that computes handshakes works with. One per thread, as the cipher is. */
public final class HandshakeCrypto {
  private final X25519 x25519;
  private final Aead aead;
  private final RandomGenerator random;
  private final TranscriptObserver observer;
  private final Blake2sState blake2s = new Blake2sState();
  private final Kdf kdf = new Kdf(blake2s);

  /**
   * The given primitives.
   *
   * @param random the source of ephemeral keys: a cryptographic one outside of tests
   */
  public HandshakeCrypto(X25519 x25519, Aead aead, RandomGenerator random) {
    this(x25519, aead, random, TranscriptObserver.NONE);
  }

  HandshakeCrypto(X25519 x25519, Aead aead, RandomGenerator random, TranscriptObserver observer) {
    this.x25519 = x25519;
    this.aead = aead;
    this.random = random;
    this.observer = observer;
  }

  public X25519 x25519() {
    return x25519;
  }

  public Aead aead() {
    return aead;
  }

  public RandomGenerator random() {
    return random;
  }

  Blake2sState blake2s() {
    return blake2s;
  }

  Kdf kdf() {
    return kdf;
  }

  TranscriptObserver observer() {
    return observer;
  }
}
