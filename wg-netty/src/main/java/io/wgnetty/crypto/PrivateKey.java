package io.wgnetty.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An X25519 private key, always clamped, that can be wiped.
 *
 * <p>Threads may share one. A wiped key agrees on nothing: its zeros would be a scalar that
 * everybody knows.
 */
public final class PrivateKey {
  public static final int BYTES = 32;
  private static final String ZERO_HEX = "0".repeat(2 * BYTES);

  private final byte[] scalar;
  private boolean wiped;
  private @Nullable X25519 preparedBy;
  private @Nullable AgreementKey prepared;

  private PrivateKey(byte[] scalar) {
    scalar[0] &= (byte) 0xf8;
    scalar[31] &= 0x7f;
    scalar[31] |= 0x40;
    this.scalar = scalar;
  }

  /** A clamped copy of 32 bytes. */
  public static PrivateKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a private key has 32 bytes, not " + bytes.length);
    }
    return new PrivateKey(bytes.clone());
  }

  /**
   * The key that 64 hexadecimal digits of either case write.
   *
   * @throws IllegalArgumentException for any other text, without repeating it
   */
  public static PrivateKey fromHex(String text) {
    return new PrivateKey(KeyText.fromHex(text));
  }

  /**
   * The key that 44 characters of canonical base64 write.
   *
   * @throws IllegalArgumentException for any other text, without repeating it
   */
  public static PrivateKey fromBase64(CharSequence text) {
    return new PrivateKey(KeyText.fromBase64(text));
  }

  public static PrivateKey generate(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new PrivateKey(bytes);
  }

  /** Whether the text is 64 zeros: the configuration protocol's way to remove a key. */
  public static boolean isZeroHex(String text) {
    // Only after clamping it would be a key like any other.
    return MessageDigest.isEqual(
        ZERO_HEX.getBytes(StandardCharsets.US_ASCII), text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Makes the key ready for several computations by this provider; whoever asks for that wipes the
   * key in the end.
   */
  public synchronized void prepare(X25519 x25519) {
    if (!wiped && prepared == null) {
      prepared = x25519.prepare(scalar);
      preparedBy = x25519;
    }
  }

  @SuppressWarnings("ReferenceEquality") // a provider is an identity
  private synchronized @Nullable AgreementKey preparedBy(X25519 x25519) {
    return preparedBy == x25519 ? prepared : null;
  }

  /**
   * X25519 of this key and a public key.
   *
   * @return false, and zeros, if the result is all zero or this key was wiped
   */
  public boolean agree(X25519 x25519, byte[] publicKey, byte[] sharedSecret) {
    AgreementKey ready = preparedBy(x25519);
    if (ready != null) {
      return ready.agree(publicKey, sharedSecret);
    }
    byte[] bytes = new byte[BYTES];
    try {
      if (copyTo(bytes) && x25519.agree(bytes, publicKey, sharedSecret)) {
        return true;
      }
      Arrays.fill(sharedSecret, (byte) 0);
      return false;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  public PublicKey publicKey(X25519 x25519) {
    byte[] publicBytes = new byte[PublicKey.BYTES];
    AgreementKey ready = preparedBy(x25519);
    if (ready != null) {
      ready.publicKey(publicBytes);
    } else {
      byte[] bytes = copyBytes();
      x25519.publicKey(bytes, publicBytes);
      Arrays.fill(bytes, (byte) 0);
    }
    return PublicKey.of(publicBytes);
  }

  /**
   * A copy of the 32 bytes, which the caller wipes.
   *
   * @throws IllegalStateException if the key was wiped
   */
  public byte[] copyBytes() {
    byte[] bytes = new byte[BYTES];
    if (!copyTo(bytes)) {
      throw new IllegalStateException("the private key was wiped");
    }
    return bytes;
  }

  /** The same key in an object of its own, which is wiped on its own. */
  public PrivateKey copy() {
    return new PrivateKey(copyBytes());
  }

  public String toHex() {
    byte[] bytes = copyBytes();
    String text = KeyText.toHex(bytes);
    Arrays.fill(bytes, (byte) 0);
    return text;
  }

  public String toBase64() {
    byte[] bytes = copyBytes();
    String text = KeyText.toBase64(bytes);
    Arrays.fill(bytes, (byte) 0);
    return text;
  }

  /** Whether both are the same key, in constant time; a wiped key is the same as no other. */
  public boolean sameAs(@Nullable PrivateKey other) {
    if (other == null) {
      return false;
    }
    byte[] mine = new byte[BYTES];
    byte[] others = new byte[BYTES];
    boolean same = copyTo(mine) && other.copyTo(others) && MessageDigest.isEqual(mine, others);
    Arrays.fill(mine, (byte) 0);
    Arrays.fill(others, (byte) 0);
    return same;
  }

  public synchronized void wipe() {
    wiped = true;
    Arrays.fill(scalar, (byte) 0);
    if (prepared != null) {
      prepared.close();
      prepared = null;
    }
  }

  private synchronized boolean copyTo(byte[] destination) {
    if (wiped) {
      return false;
    }
    System.arraycopy(scalar, 0, destination, 0, BYTES);
    return true;
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
