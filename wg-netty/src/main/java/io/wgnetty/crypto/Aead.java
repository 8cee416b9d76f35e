package io.wgnetty.crypto;

/**
 * ChaCha20-Poly1305 (RFC 8439) with WireGuard's nonce: four zero bytes, then the counter as 64 bits
 * in little-endian order.
 *
 * <p>Packets go through {@link #seal(long, AeadRun)} and {@link #open(long, AeadRun)}, which take
 * addresses and many packets at a time; the other two methods serve the few small messages of a
 * handshake. No call leaves a copy of its key behind, except where the provider says so.
 *
 * <p>One instance belongs to one thread at a time. The addresses given must be valid: nothing here
 * can check them.
 */
public interface Aead extends AutoCloseable {
  int KEY_BYTES = 32;
  int TAG_BYTES = 16;

  /** The provider's name. */
  String name();

  /**
   * Seals every packet of the run under the key of {@value #KEY_BYTES} bytes at the address. Each
   * destination receives the ciphertext and then the tag. No additional data. Packets are sealed in
   * their order, each after {@link AeadRun#placeHeader}.
   */
  void seal(long keyAddress, AeadRun run);

  /**
   * Opens every packet of the run under the key of {@value #KEY_BYTES} bytes at the address and
   * marks in the run which were genuine. A packet shorter than a tag is not. What the destination
   * of a packet that was refused contains is unspecified, even if it is not the source.
   *
   * @return how many packets were genuine
   */
  int open(long keyAddress, AeadRun run);

  /**
   * Seals one small message: {@code plaintext.length + TAG_BYTES} bytes at {@code outOffset}.
   *
   * @throws IndexOutOfBoundsException if they do not fit
   */
  void seal(byte[] key, long counter, byte[] aad, byte[] plaintext, byte[] out, int outOffset);

  /**
   * Opens one small message of {@code inLength} bytes, tag included, into {@code inLength -
   * TAG_BYTES} bytes at {@code outOffset}.
   *
   * @return whether it was genuine; if not, {@code out} is as before
   * @throws IndexOutOfBoundsException if the bytes are not there or do not fit
   */
  boolean open(
      byte[] key,
      long counter,
      byte[] aad,
      byte[] in,
      int inOffset,
      int inLength,
      byte[] out,
      int outOffset);

  /** Wipes and frees what this instance holds. It must not be used afterwards. */
  @Override
  void close();
}
