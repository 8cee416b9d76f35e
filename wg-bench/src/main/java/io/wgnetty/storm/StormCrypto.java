package io.wgnetty.storm;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.Kdf;
import io.wgnetty.crypto.X25519;

/** The primitives that one thread works with. */
record StormCrypto(X25519 x25519, Aead aead, Kdf kdf) implements AutoCloseable {
  static StormCrypto fastest() {
    return new StormCrypto(
        X25519Providers.fastest(), AeadProviders.fastest().create(), new Kdf(new Blake2sState()));
  }

  @Override
  public void close() {
    aead.close();
  }
}
