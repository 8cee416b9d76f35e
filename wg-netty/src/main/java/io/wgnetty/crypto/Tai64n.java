package io.wgnetty.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** The timestamp of an initiation: TAI64N, 12 bytes, big-endian (protocol 2.8). */
public final class Tai64n {
  public static final int BYTES = 12;
  private static final int NANOS_PER_SECOND = 1_000_000_000;

  /** The label of 1970-01-01 UTC; the 10 seconds are fixed, without a table of leap seconds. */
  private static final long EPOCH = 0x4000_0000_0000_000aL;

  /** Two moments so far apart have different stamps. */
  public static final long RESOLUTION_NS = 0x100_0000;

  /**
   * Clears the low bits, so that a stamp tells no more of the clock than about 17 ms: the largest
   * power of two within the 20 ms at which initiations are accepted.
   */
  private static final int WHITENING_MASK = (int) -RESOLUTION_NS;

  private Tai64n() {}

  /** The whitened stamp of a time in nanoseconds since 1970. */
  public static byte[] whitened(long epochNanos) {
    int nanos = (int) Math.floorMod(epochNanos, (long) NANOS_PER_SECOND);
    return ByteBuffer.allocate(BYTES)
        .putLong(EPOCH + Math.floorDiv(epochNanos, (long) NANOS_PER_SECOND))
        .putInt(nanos & WHITENING_MASK)
        .array();
  }

  /** Negative, zero or positive as {@code a} is earlier than, equal to or later than {@code b}. */
  public static int compare(byte[] a, byte[] b) {
    return Arrays.compareUnsigned(a, b);
  }
}
