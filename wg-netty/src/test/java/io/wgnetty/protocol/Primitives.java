package io.wgnetty.protocol;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One choice of implementations to run a test on. */
record Primitives(X25519 x25519, AeadProvider aead) {

  /** Every pair. */
  static List<Primitives> all() {
    List<Primitives> all = new ArrayList<>();
    for (X25519 x25519 : X25519Providers.available()) {
      for (AeadProvider aead : AeadProviders.available()) {
        all.add(new Primitives(x25519, aead));
      }
    }
    return all;
  }

  /** Every implementation once at least: for tests that compute thousands of handshakes. */
  static List<Primitives> each() {
    List<Primitives> each = new ArrayList<>();
    for (AeadProvider aead : AeadProviders.available()) {
      each.add(new Primitives(X25519Providers.fastest(), aead));
    }
    for (X25519 x25519 : X25519Providers.available()) {
      if (!x25519.name().equals(X25519Providers.fastest().name())) {
        each.add(new Primitives(x25519, AeadProviders.fastest()));
      }
    }
    return each;
  }

  static Primitives fastest() {
    return new Primitives(X25519Providers.fastest(), AeadProviders.fastest());
  }

  HandshakeCrypto crypto(RandomGenerator random) {
    return crypto(random, TranscriptObserver.NONE);
  }

  HandshakeCrypto crypto(RandomGenerator random, TranscriptObserver observer) {
    return new HandshakeCrypto(x25519, aead.create(), random, observer);
  }

  @Override
  public String toString() {
    return x25519.name() + " with " + aead.name();
  }
}
