package io.wgnetty.crypto;

/** Diffie-Hellman on Curve25519 (RFC 7748). Thread-safe. */
public interface X25519 {
  int KEY_BYTES = 32;

  /** The provider's name. */
  String name();

  /**
   * Computes the shared secret. The private key is clamped first; bit 255 of the public key is
   * ignored and a value above the prime stands for its residue, as RFC 7748 section 5 has it.
   *
   * @return false, with {@code sharedSecret} all zero, if the result is zero: the public key was a
   *     point of small order, which no honest peer sends
   */
  boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret);

  /** Computes the public key of a private key, which is clamped first. */
  void publicKey(byte[] privateKey, byte[] publicKey);

  /** Makes a private key ready for several computations; the caller closes it. */
  default AgreementKey prepare(byte[] privateKey) {
    return new CopiedAgreementKey(this, privateKey);
  }
}
