package io.wgnetty.crypto;

/**
 * A private key as a provider of X25519 computes with it: what can be computed of the key alone is
 * computed once. Threads may share one.
 */
public interface AgreementKey extends AutoCloseable {
  /**
   * X25519 of this key and a public key.
   *
   * @return false, with {@code sharedSecret} all zero, if the result is zero or this key is closed
   */
  boolean agree(byte[] publicKey, byte[] sharedSecret);

  /**
   * Writes the public half.
   *
   * @throws IllegalStateException if this key is closed
   */
  void publicKey(byte[] publicKey);

  /** Overwrites the key; whoever computes with it at this moment comes to the end of that. */
  @Override
  void close();
}
