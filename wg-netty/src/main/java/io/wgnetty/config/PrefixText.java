package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.protocol.IpText;
import java.util.regex.Pattern;

/**
 * Reads {@code ADDRESS[/LENGTH]}: an address of the interface, or a peer's network.
 *
 * @param host the address with all its bits
 * @param length how many of them name the network; all if the text does not say
 */
record PrefixText(IpPrefix host, int length) {
  private static final Pattern LEADING_ZERO = Pattern.compile("([0-9]+\\.)*0[0-9][0-9.]*");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z][a-zA-Z0-9-]*(\\.[a-zA-Z0-9-]+)+");

  /**
   * Reads one.
   *
   * @param index where the text begins in its value, for what is reported
   */
  static PrefixText parse(String text, int index) throws InvalidValue {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    IpPrefix host = host(address, index);
    if (slash < 0) {
      return new PrefixText(host, host.length());
    }
    String digits = text.substring(slash + 1);
    long length = NumberText.decimal(digits);
    if (length < 0 || length > host.length()) {
      throw new InvalidValue(index + slash + 1, wrongLength(digits, host));
    }
    return new PrefixText(host, (int) length);
  }

  private static IpPrefix host(String text, int index) throws InvalidValue {
    try {
      byte[] address = IpText.parse(text);
      return IpPrefix.of(address, address.length * 8);
    } catch (IllegalArgumentException e) {
      throw new InvalidValue(index, Shown.quoted(text) + " is no IP address" + hint(text));
    }
  }

  private static String hint(String text) {
    if (text.chars().filter(c -> c == '.').count() > 3) {
      return "; is a comma missing between two?";
    }
    if (LEADING_ZERO.matcher(text).matches()) {
      return ": its numbers have no leading zeros";
    }
    if (NAME.matcher(text).matches()) {
      return ": names are not looked up here";
    }
    return ", such as 192.0.2.1 or 2001:db8::1";
  }

  private static String wrongLength(String digits, IpPrefix host) {
    int mask = lengthOfMask(digits);
    boolean looksLikeTwo = digits.indexOf('.') >= 0 || digits.indexOf(':') >= 0;
    return Shown.quoted(digits)
        + " is no prefix length: a number from 0 to "
        + host.length()
        + (mask >= 0 ? "; this mask is /" + mask : looksLikeTwo ? "; is a comma missing?" : "");
  }

  /** The length of a mask such as 255.255.255.0, or a negative number if it is none. */
  private static int lengthOfMask(String text) {
    byte[] mask;
    try {
      mask = IpText.parse(text);
    } catch (IllegalArgumentException e) {
      return -1;
    }
    if (mask.length != 4) {
      return -1;
    }
    IpPrefix bits = IpPrefix.of(mask, 32);
    int length = Long.numberOfLeadingZeros(~bits.high()); // of the ones in front
    return IpPrefix.of(mask, length).high() == bits.high() ? length : -1;
  }

  /** Without the bits of the host. */
  IpPrefix network() {
    return new IpPrefix(host.isIpv6(), host.high(), host.low(), length);
  }

  boolean hasHostBits() {
    IpPrefix network = network();
    return network.high() != host.high() || network.low() != host.low();
  }
}
