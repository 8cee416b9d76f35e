package io.wgnetty.inner;

import java.nio.ByteBuffer;

/** The ones' complement checksum of the Internet protocols (RFC 1071, RFC 1624). */
public final class InternetChecksum {
  private InternetChecksum() {}

  /**
   * The checksum over a range whose own checksum field is zero, and over what was summed before.
   */
  public static short of(ByteBuffer b, int offset, int length, long sum) {
    return (short) ~fold(sum + sum(b, offset, length));
  }

  /** The plain sum of the 16-bit words; an odd last byte is the upper half of a word. */
  static long sum(ByteBuffer b, int offset, int length) {
    long sum = 0;
    int i = 0;
    for (; i + 1 < length; i += 2) {
      sum += Short.toUnsignedInt(b.getShort(offset + i));
    }
    return i < length ? sum + ((b.get(offset + i) & 0xff) << 8) : sum;
  }

  /** The checksum after one 16-bit word changed (RFC 1624 equation 3). */
  static short updated(short checksum, int oldWord, int newWord) {
    int sum = (~checksum & 0xffff) + (~oldWord & 0xffff) + (newWord & 0xffff);
    return (short) ~fold(sum);
  }

  private static int fold(long sum) {
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return (int) sum;
  }
}
