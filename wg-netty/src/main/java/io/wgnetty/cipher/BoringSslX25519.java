package io.wgnetty.cipher;

/** X25519 by BoringSSL, which clamps, ignores bit 255 and reports a zero result itself. */
final class BoringSslX25519 extends NativeX25519 {
  @Override
  public String name() {
    return BoringSsl.NAME;
  }

  @Override
  boolean agree(long privateKeyAddress, long publicKeyAddress, long sharedSecretAddress) {
    return BoringSsl.x25519(sharedSecretAddress, privateKeyAddress, publicKeyAddress);
  }

  @Override
  void publicKey(long privateKeyAddress, long publicKeyAddress) {
    BoringSsl.x25519Public(publicKeyAddress, privateKeyAddress);
  }
}
