package io.wgnetty.cipher;

import io.wgnetty.crypto.X25519;
import java.util.Arrays;

/** X25519 by BouncyCastle: pure Java, always there, and quick at public keys. */
final class BouncyCastleX25519 implements X25519 {
  static final String NAME = "bouncycastle";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
    // It clamps a copy of the scalar and reports a zero result itself.
    boolean agreed =
        org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(
            privateKey, 0, publicKey, 0, sharedSecret, 0);
    if (!agreed) {
      Arrays.fill(sharedSecret, (byte) 0);
    }
    return agreed;
  }

  @Override
  public void publicKey(byte[] privateKey, byte[] publicKey) {
    org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(privateKey, 0, publicKey, 0);
  }
}
