package io.wgnetty.allowedips;

/**
 * The leading bits that everything below a node of a {@link PrefixTable} has in common, where the
 * nodes above did not decide them all: a lookup that differs here finds nothing below.
 *
 * @param bit how many bits; the first that the node itself decides
 */
record SharedBits(long high, long low, int bit) {
  boolean agreesWith(long otherHigh, long otherLow) {
    return commonBits(otherHigh, otherLow) >= bit;
  }

  int commonBits(long otherHigh, long otherLow) {
    return AllowedIp.commonBits(high, low, otherHigh, otherLow);
  }
}
