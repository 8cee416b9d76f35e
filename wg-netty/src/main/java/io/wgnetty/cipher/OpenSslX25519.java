package io.wgnetty.cipher;

import io.wgnetty.crypto.AgreementKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** X25519 by OpenSSL, which clamps, ignores bit 255 and fails at a zero result. */
final class OpenSslX25519 extends NativeX25519 {
  @Override
  public String name() {
    return OpenSsl.NAME;
  }

  @Override
  public AgreementKey prepare(byte[] privateKey) {
    return new OpenSslAgreementKey(privateKey);
  }

  @Override
  boolean agree(long privateKeyAddress, long publicKeyAddress, long sharedSecretAddress) {
    long secret = OpenSsl.newPrivateKey(privateKeyAddress, KEY_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      check(secret != 0);
      return agree(secret, publicKeyAddress, sharedSecretAddress, arena.allocate(Long.BYTES, 8));
    } finally {
      OpenSsl.keyFree(secret); // accepts 0; the library wipes the private key that it frees
    }
  }

  /**
   * The shared secret of a key of the library's and a public key.
   *
   * @param length a place for a length
   * @return false, whatever was written then, if it is zero
   */
  static boolean agree(
      long secret, long publicKeyAddress, long sharedSecretAddress, MemorySegment length) {
    long point = OpenSsl.newPublicKey(publicKeyAddress, KEY_BYTES);
    long derivation = OpenSsl.derivationNew(secret);
    try {
      check(point != 0 && derivation != 0 && OpenSsl.deriveInit(derivation, point));
      length.set(ValueLayout.JAVA_LONG, 0, KEY_BYTES);
      boolean agreed = OpenSsl.derive(derivation, sharedSecretAddress, length.address());
      if (!agreed) {
        OpenSsl.clearErrors();
      }
      return agreed;
    } finally {
      // Each accepts 0.
      OpenSsl.derivationFree(derivation);
      OpenSsl.keyFree(point);
    }
  }

  @Override
  void publicKey(long privateKeyAddress, long publicKeyAddress) {
    long secret = OpenSsl.newPrivateKey(privateKeyAddress, KEY_BYTES);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, KEY_BYTES);
      check(secret != 0 && OpenSsl.getPublicKey(secret, publicKeyAddress, length.address()));
    } finally {
      OpenSsl.keyFree(secret);
    }
  }

  static void check(boolean succeeded) {
    if (!succeeded) {
      OpenSsl.clearErrors();
      throw new IllegalStateException("OpenSSL's X25519 failed");
    }
  }
}
