package io.wgnetty.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An X25519 public key: what names a peer.
 *
 * <p>An immutable value of four longs, because a device may hold a million of them. Any 32 bytes
 * are a public key; the ones that make a Diffie-Hellman result zero are refused where it is
 * computed.
 */
public final class PublicKey {
  public static final int BYTES = 32;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** Odd, with its bits well spread: one changed bit anywhere changes many of the upper half. */
  private static final long MIXER = 0x9e37_79b9_7f4a_7c15L;

  private final long word0;
  private final long word1;
  private final long word2;
  private final long word3;

  private PublicKey(byte[] bytes, int offset) {
    word0 = (long) LONGS.get(bytes, offset);
    word1 = (long) LONGS.get(bytes, offset + 8);
    word2 = (long) LONGS.get(bytes, offset + 16);
    word3 = (long) LONGS.get(bytes, offset + 24);
  }

  /**
   * The key in an array of 32 bytes.
   *
   * @throws IllegalArgumentException if the array has another length
   */
  public static PublicKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a public key has 32 bytes, not " + bytes.length);
    }
    return new PublicKey(bytes, 0);
  }

  /** The key in the 32 bytes from {@code offset} on. */
  public static PublicKey of(byte[] bytes, int offset) {
    return new PublicKey(bytes, offset);
  }

  /**
   * The key that 64 hexadecimal digits of either case write.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static PublicKey fromHex(String text) {
    return new PublicKey(KeyText.fromHex(text), 0);
  }

  /**
   * The key that 44 characters of canonical base64 write.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static PublicKey fromBase64(CharSequence text) {
    return new PublicKey(KeyText.fromBase64(text), 0);
  }

  public byte[] toBytes() {
    byte[] bytes = new byte[BYTES];
    copyTo(bytes, 0);
    return bytes;
  }

  /** Writes the 32 bytes to {@code destination} from {@code offset} on. */
  public void copyTo(byte[] destination, int offset) {
    LONGS.set(destination, offset, word0);
    LONGS.set(destination, offset + 8, word1);
    LONGS.set(destination, offset + 16, word2);
    LONGS.set(destination, offset + 24, word3);
  }

  public String toHex() {
    return KeyText.toHex(toBytes());
  }

  public String toBase64() {
    return KeyText.toBase64(toBytes());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PublicKey that
        && word0 == that.word0
        && word1 == that.word1
        && word2 == that.word2
        && word3 == that.word3;
  }

  /** An order among keys that is the same on every node. */
  public boolean isBefore(PublicKey that) {
    int order = Long.compareUnsigned(word0, that.word0);
    order = order != 0 ? order : Long.compareUnsigned(word1, that.word1);
    order = order != 0 ? order : Long.compareUnsigned(word2, that.word2);
    order = order != 0 ? order : Long.compareUnsigned(word3, that.word3);
    return order < 0;
  }

  @Override
  public int hashCode() {
    long mixed = word0 * MIXER + word1;
    mixed = mixed * MIXER + word2;
    mixed = mixed * MIXER + word3;
    return (int) ((mixed * MIXER) >>> 32);
  }

  /** The ends of the base64 form, enough to tell peers apart in a log. */
  @Override
  public String toString() {
    String text = toBase64();
    return text.substring(0, 4) + "…" + text.substring(text.length() - 4);
  }
}
