package io.wgnetty.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The optional symmetric key of a peer, mixed into every handshake; 32 zeros if there is none.
 *
 * <p>Threads may share one. A wiped key gives nothing out: its zeros would mean "none".
 */
public final class PresharedKey {
  public static final int BYTES = 32;
  private static final PresharedKey NONE = new PresharedKey(new byte[BYTES]);

  private final byte[] key;
  private boolean wiped;

  private PresharedKey(byte[] key) {
    this.key = key;
  }

  public static PresharedKey none() {
    return NONE;
  }

  /** A copy of 32 bytes; zeros mean none. */
  public static PresharedKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a preshared key has 32 bytes, not " + bytes.length);
    }
    return taking(bytes.clone());
  }

  /**
   * The key that 64 hexadecimal digits of either case write.
   *
   * @throws IllegalArgumentException for any other text, without repeating it
   */
  public static PresharedKey fromHex(String text) {
    return taking(KeyText.fromHex(text));
  }

  /**
   * The key that 44 characters of canonical base64 write.
   *
   * @throws IllegalArgumentException for any other text, without repeating it
   */
  public static PresharedKey fromBase64(CharSequence text) {
    return taking(KeyText.fromBase64(text));
  }

  public static PresharedKey generate(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return taking(bytes);
  }

  private static PresharedKey taking(byte[] bytes) {
    // One object for all peers without a key: there may be a million of them.
    return MessageDigest.isEqual(bytes, NONE.key) ? NONE : new PresharedKey(bytes);
  }

  public boolean isNone() {
    return this == NONE;
  }

  /**
   * A copy of the 32 bytes, which the caller wipes.
   *
   * @throws IllegalStateException if the key was wiped
   */
  public byte[] copyBytes() {
    byte[] bytes = new byte[BYTES];
    if (!copyTo(bytes)) {
      throw new IllegalStateException("the preshared key was wiped");
    }
    return bytes;
  }

  /**
   * Copies the 32 bytes to an array that the caller wipes.
   *
   * @return false if the key was wiped
   */
  public synchronized boolean copyTo(byte[] destination) {
    if (wiped) {
      return false;
    }
    System.arraycopy(key, 0, destination, 0, BYTES);
    return true;
  }

  /**
   * Whether the other key is the same, found out in constant time; a wiped key is like no other.
   */
  public boolean sameAs(PresharedKey other) {
    byte[] mine = new byte[BYTES];
    byte[] theirs = new byte[BYTES];
    try {
      return copyTo(mine) && other.copyTo(theirs) && MessageDigest.isEqual(mine, theirs);
    } finally {
      Arrays.fill(mine, (byte) 0);
      Arrays.fill(theirs, (byte) 0);
    }
  }

  /** A copy with a life of its own; {@link #none()} is its own copy. */
  public PresharedKey copy() {
    if (isNone()) {
      return none();
    }
    byte[] bytes = copyBytes();
    try {
      return of(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
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

  /** Overwrites the key. {@link #none()} holds no secret, is shared, and stays. */
  public synchronized void wipe() {
    if (this != NONE) {
      wiped = true;
      Arrays.fill(key, (byte) 0);
    }
  }

  @Override
  public String toString() {
    return isNone() ? "(none)" : "(hidden)";
  }
}
