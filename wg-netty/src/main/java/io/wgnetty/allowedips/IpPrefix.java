package io.wgnetty.allowedips;

import io.wgnetty.protocol.IpText;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;

/**
 * A network prefix: the upper {@code length} bits of an IPv4 or IPv6 address. Host bits are zero.
 *
 * @param isIpv6 the family; the two never match each other
 * @param high the upper 64 bits of an IPv6 address; an IPv4 address in the upper half of these 64
 *     bits
 * @param low the lower 64 bits of an IPv6 address; 0 for IPv4
 * @param length how many bits count, 0 to 32 or 128
 */
public record IpPrefix(boolean isIpv6, long high, long low, int length) {
  private static final int IPV4_BITS = 32;
  private static final int IPV6_BITS = 128;

  public IpPrefix {
    if (length < 0 || length > (isIpv6 ? IPV6_BITS : IPV4_BITS)) {
      throw new IllegalArgumentException(
          "prefix length " + length + " is not in 0.." + (isIpv6 ? IPV6_BITS : IPV4_BITS));
    }
    high &= mask(Math.min(length, 64));
    low &= mask(Math.max(length - 64, 0));
  }

  /** The upper {@code bits} (0 to 64) bits set. */
  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (64 - bits);
  }

  /**
   * The prefix of 4 or 16 address bytes.
   *
   * @throws IllegalArgumentException if it is another number of bytes, or the length does not fit
   */
  public static IpPrefix of(byte[] address, int length) {
    if (address.length != 4 && address.length != 16) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length);
    }
    if (address.length == 4) {
      return new IpPrefix(false, bigEndian(address, 0, 4) << 32, 0, length);
    }
    return new IpPrefix(true, bigEndian(address, 0, 8), bigEndian(address, 8, 8), length);
  }

  /**
   * Reads {@code address/length}; the length is mandatory, host bits are masked.
   *
   * @throws IllegalArgumentException if the text is not that
   */
  public static IpPrefix parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("prefix without length: " + text);
    }
    String digits = text.substring(slash + 1);
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException("not a prefix length: " + digits);
    }
    return of(IpText.parse(text.substring(0, slash)), Integer.parseInt(digits));
  }

  private static long bigEndian(byte[] bytes, int offset, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (bytes[offset + i] & 0xff);
    }
    return value;
  }

  /** The 4 or 16 bytes of the masked address. */
  public byte[] addressBytes() {
    byte[] address = new byte[isIpv6 ? 16 : 4];
    for (int i = 0; i < address.length; i++) {
      long half = i < 8 ? high : low;
      address[i] = (byte) (half >>> (56 - 8 * (i % 8)));
    }
    return address;
  }

  /** {@code 192.0.2.0/24}, as {@code wg} prints it. */
  @Override
  public String toString() {
    return IpText.format(addressBytes()) + "/" + length;
  }

  /** Writes it down. */
  public void save(StateWriter out) {
    out.bool(isIpv6);
    out.byte8(length);
    out.int64(high);
    out.int64(low);
  }

  /** What {@link #save} wrote down. */
  public static IpPrefix restored(StateReader in) {
    boolean ipv6 = in.bool();
    int length = in.byte8();
    if (length > (ipv6 ? IPV6_BITS : IPV4_BITS)) {
      throw new MalformedStateException("a prefix has a length of " + length);
    }
    return new IpPrefix(ipv6, in.int64(), in.int64(), length);
  }
}
