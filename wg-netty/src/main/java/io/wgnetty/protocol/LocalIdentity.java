package io.wgnetty.protocol;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;

/**
 * Who this device is: its static key pair, and what follows from the public half.
 *
 * <p>A new private key is a new identity object. Threads may share it.
 */
public final class LocalIdentity {
  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final byte[] mac1Key;
  private final byte[] cookieKey;

  public LocalIdentity(PrivateKey privateKey, X25519 x25519) {
    this.privateKey = privateKey;
    privateKey.prepare(x25519);
    publicKey = privateKey.publicKey(x25519);
    mac1Key = IdentityLabels.mac1Key(publicKey);
    cookieKey = IdentityLabels.cookieKey(publicKey);
  }

  public PrivateKey privateKey() {
    return privateKey;
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** A copy of the key of mac1 in messages that come to us. */
  public byte[] mac1Key() {
    return mac1Key.clone();
  }

  /** A copy of the key of cookie replies that we send. */
  public byte[] cookieKey() {
    return cookieKey.clone();
  }
}
