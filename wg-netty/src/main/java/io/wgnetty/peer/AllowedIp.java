package io.wgnetty.peer;

import org.jspecify.annotations.Nullable;

/**
 * One prefix and the peer that it belongs to; what a {@link PrefixTable} is made of.
 *
 * <p>What readers see is final. The links are the writer's alone.
 */
final class AllowedIp<P> {
  final long high;
  final long low;
  final P owner;
  @Nullable AllowedIp<?> previous;
  @Nullable AllowedIp<?> next;
  private final byte length;
  private final boolean isIpv6;

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

  /** Whether the address is within the prefix. */
  boolean covers(long addressHigh, long addressLow) {
    return commonBits(addressHigh, addressLow) >= length();
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
