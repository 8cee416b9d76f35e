package io.wgnetty.protocol;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes and reads numeric IP addresses. Nothing here ever asks a name service. */
public final class IpText {
  private static final int IPV6_GROUPS = 8;

  private IpText() {}

  /** The canonical text of an IPv4 address (4 bytes) or IPv6 address (16 bytes, RFC 5952). */
  public static String format(byte[] address) {
    return address.length == 4
        ? (address[0] & 0xff)
            + "."
            + (address[1] & 0xff)
            + "."
            + (address[2] & 0xff)
            + "."
            + (address[3] & 0xff)
        : ipv6(address);
  }

  /**
   * The canonical text of 16 bytes (RFC 5952): lower case, the longest run of zero groups
   * shortened.
   */
  public static String ipv6(byte[] address) {
    int[] groups = new int[IPV6_GROUPS];
    for (int i = 0; i < IPV6_GROUPS; i++) {
      groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
    }
    int bestStart = -1;
    int bestLength = 1; // a single zero group is not shortened
    for (int i = 0; i < IPV6_GROUPS; i++) {
      int end = i;
      while (end < IPV6_GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > bestLength) {
        bestStart = i;
        bestLength = end - i;
      }
      i = Math.max(i, end - 1);
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < IPV6_GROUPS; i++) {
      if (i == bestStart) {
        text.append("::");
        i += bestLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }

  /**
   * Reads a numeric address.
   *
   * @return 4 or 16 bytes
   * @throws IllegalArgumentException if the text is not exactly one numeric address
   */
  public static byte[] parse(String text) {
    byte[] address = text.indexOf(':') >= 0 ? parseIpv6(text) : parseIpv4(text);
    if (address == null) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    return address;
  }

  private static byte @Nullable [] parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = decimalOctet(parts[i]);
      if (value < 0) {
        return null;
      }
      address[i] = (byte) value;
    }
    return address;
  }

  private static int decimalOctet(String part) {
    // A leading zero would be octal to some readers and decimal to others.
    if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = value * 10 + (c - '0');
    }
    return value > 0xff ? -1 : value;
  }

  private static byte @Nullable [] parseIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] whole = groups(text, true);
      return whole != null && whole.length == 16 ? whole : null;
    }
    byte[] head = groups(text.substring(0, gap), false);
    byte[] tail = groups(text.substring(gap + 2), true);
    // The gap stands for one group of zeros at least.
    if (head == null || tail == null || head.length + tail.length > 14) {
      return null;
    }
    byte[] address = Arrays.copyOf(head, 16);
    System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
    return address;
  }

  /**
   * The bytes of {@code a:b:...}, whose last part may be a dotted IPv4 address if it ends the text.
   */
  private static byte @Nullable [] groups(String text, boolean endsText) {
    byte[] bytes = new byte[16];
    int length = 0;
    String[] parts = text.isEmpty() ? new String[0] : text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean mayBeDotted = endsText && i == parts.length - 1 && parts[i].indexOf('.') >= 0;
      byte[] part = mayBeDotted ? parseIpv4(parts[i]) : hexGroup(parts[i]);
      if (part == null || length + part.length > bytes.length) {
        return null;
      }
      System.arraycopy(part, 0, bytes, length, part.length);
      length += part.length;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static byte @Nullable [] hexGroup(String part) {
    if (part.isEmpty() || part.length() > 4) {
      return null;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      // Character.digit alone would take the digits of every script.
      int digit = c <= 'f' ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return null;
      }
      value = value << 4 | digit;
    }
    return new byte[] {(byte) (value >>> 8), (byte) value};
  }
}
