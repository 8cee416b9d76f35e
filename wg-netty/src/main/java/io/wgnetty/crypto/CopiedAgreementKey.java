package io.wgnetty.crypto;

import java.util.Arrays;

/** A key of which nothing is computed beforehand: a copy of its bytes. */
final class CopiedAgreementKey implements AgreementKey {
  private final X25519 x25519;
  private final byte[] scalar;
  private boolean closed;

  CopiedAgreementKey(X25519 x25519, byte[] privateKey) {
    this.x25519 = x25519;
    this.scalar = privateKey.clone();
  }

  @Override
  public boolean agree(byte[] publicKey, byte[] sharedSecret) {
    byte[] bytes = new byte[X25519.KEY_BYTES];
    try {
      if (copyTo(bytes)) {
        return x25519.agree(bytes, publicKey, sharedSecret);
      }
      Arrays.fill(sharedSecret, (byte) 0);
      return false;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  @Override
  public void publicKey(byte[] publicKey) {
    byte[] bytes = new byte[X25519.KEY_BYTES];
    if (!copyTo(bytes)) {
      throw new IllegalStateException("the private key was wiped");
    }
    x25519.publicKey(bytes, publicKey);
    Arrays.fill(bytes, (byte) 0);
  }

  private synchronized boolean copyTo(byte[] destination) {
    if (closed) {
      return false;
    }
    System.arraycopy(scalar, 0, destination, 0, X25519.KEY_BYTES);
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(scalar, (byte) 0);
  }
}
