package io.wgnetty.protocol;

import java.util.Arrays;

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
    if (address.length == 0) {
      throw new IllegalArgumentException("not an IP address: " + text);
    }
    return address;
  }

  private static byte[] parseIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    byte[] address = new byte[4];
    if (parts.length != 4) {
      return new byte[0];
    }
    for (int i = 0; i < 4; i++) {
      int value = decimalOctet(parts[i]);
      if (value < 0) {
        return new byte[0];
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

  private static byte[] parseIpv6(String text) {
    byte[] none = new byte[0];
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return none;
    }
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
    byte[] tail = gap < 0 ? new byte[0] : groups(text.substring(gap + 2), true);
    if (head == INVALID || tail == INVALID) {
      return none;
    }
    int total = head.length + tail.length;
    if (gap < 0 ? total != 16 : total > 14) {
      return none;
    }
    byte[] address = Arrays.copyOf(head, 16);
    System.arraycopy(tail, 0, address, 16 - tail.length, tail.length);
    return address;
  }

  private static final byte[] INVALID = new byte[1];

  /**
   * The bytes of {@code a:b:...}, whose last part may be a dotted IPv4 address if it ends the text.
   */
  private static byte[] groups(String text, boolean endsText) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", -1);
    byte[] bytes = new byte[0];
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      byte[] more;
      if (endsText && i == parts.length - 1 && part.indexOf('.') >= 0) {
        more = parseIpv4(part);
        if (more.length == 0) {
          return INVALID;
        }
      } else {
        int value = hexGroup(part);
        if (value < 0) {
          return INVALID;
        }
        more = new byte[] {(byte) (value >>> 8), (byte) value};
      }
      if (bytes.length + more.length > 16) {
        return INVALID;
      }
      byte[] joined = Arrays.copyOf(bytes, bytes.length + more.length);
      System.arraycopy(more, 0, joined, bytes.length, more.length);
      bytes = joined;
    }
    return bytes;
  }

  private static int hexGroup(String part) {
    if (part.isEmpty() || part.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < part.length(); i++) {
      int digit = Character.digit(part.charAt(i), 16);
      if (digit < 0 || part.charAt(i) > 'f') {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
