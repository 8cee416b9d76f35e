package io.wgnetty.crypto;

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
  boolean agree(long privateKeyAddress, long publicKeyAddress, long sharedSecretAddress) {
    long secret = OpenSsl.newPrivateKey(privateKeyAddress, KEY_BYTES);
    long point = OpenSsl.newPublicKey(publicKeyAddress, KEY_BYTES);
    long derivation = secret == 0 ? 0 : OpenSsl.derivationNew(secret);
    try (Arena arena = Arena.ofConfined()) {
      check(point != 0 && derivation != 0 && OpenSsl.deriveInit(derivation, point));
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, KEY_BYTES);
      boolean agreed = OpenSsl.derive(derivation, sharedSecretAddress, length.address());
      if (!agreed) {
        OpenSsl.clearErrors();
      }
      return agreed;
    } finally {
      // Each accepts 0. The library wipes the private key that it frees.
      OpenSsl.derivationFree(derivation);
      OpenSsl.keyFree(point);
      OpenSsl.keyFree(secret);
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

  private static void check(boolean succeeded) {
    if (!succeeded) {
      OpenSsl.clearErrors();
      throw new IllegalStateException("OpenSSL's X25519 failed");
    }
  }
}
