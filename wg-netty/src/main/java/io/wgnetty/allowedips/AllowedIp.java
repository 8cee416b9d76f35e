package io.wgnetty.allowedips;

import org.jspecify.annotations.Nullable;

/**
 * One prefix and the peer that it belongs to; what a {@link PrefixTable} is made of.
 *
 * <p>What readers see is final. The links and the mark are the writer's alone.
 */
final class AllowedIp<P> {
  final long high;
  final long low;
  final P owner;
  @Nullable AllowedIp<?> previous;
  @Nullable AllowedIp<?> next;

  /** Goes at the end of the replacement under way, unless it is listed until then. */
  boolean stale;

  private final byte length;
  private final boolean isIpv6;

  /** What is in an empty slot: it belongs to nobody. */
  static final AllowedIp<Object> NONE =
      new AllowedIp<>(new IpPrefix(true, 0, 0, 128), new Object());

  AllowedIp(IpPrefix prefix, P owner) {
    this.high = prefix.high();
    this.low = prefix.low();
    this.length = (byte) prefix.length(); // 128 wraps, length() unwraps
    this.isIpv6 = prefix.isIpv6();
    this.owner = owner;
  }

  @SuppressWarnings("ReferenceEquality") // a peer is an identity, not a value
  boolean belongsTo(P peer) {
    return owner == peer;
  }

  int length() {
    return length & 0xff;
  }

  boolean isIpv6() {
    return isIpv6;
  }

  IpPrefix prefix() {
    return new IpPrefix(isIpv6, high, low, length());
  }

  /**
   * Whether the address is within the prefix. Without a branch: where it would go nobody could
   * predict.
   */
  boolean covers(long addressHigh, long addressLow) {
    int inHigh = Math.min(length(), Long.SIZE);
    int inLow = length() - inHigh;
    return (((high ^ addressHigh) & mask(inHigh)) | ((low ^ addressLow) & mask(inLow))) == 0;
  }

  /** The upper {@code bits} (0 to 64) bits set; in two steps, as a shift counts modulo 64. */
  private static long mask(int bits) {
    int half = bits >>> 1;
    return ~(-1L >>> half >>> (bits - half));
  }

  /** Whether it is exactly this prefix. */
  boolean isPrefix(long otherHigh, long otherLow, int otherLength) {
    return high == otherHigh && low == otherLow && length() == otherLength;
  }

  /** How many leading bits this prefix's address and the other have in common, 0 to 128. */
  int commonBits(long otherHigh, long otherLow) {
    return commonBits(high, low, otherHigh, otherLow);
  }

  static int commonBits(long high, long low, long otherHigh, long otherLow) {
    long difference = high ^ otherHigh;
    return difference != 0
        ? Long.numberOfLeadingZeros(difference)
        : Long.SIZE + Long.numberOfLeadingZeros(low ^ otherLow);
  }
}
