package io.wgnetty.config;

import java.util.OptionalInt;

/** Reads the values that are numbers, or words for numbers. */
final class NumberText {
  private static final long MAX_UNSIGNED_INT = 0xffff_ffffL;
  private static final int MAX_PORT = 0xffff;
  private static final int MAX_DIGITS = 18;

  private NumberText() {}

  /** A decimal number, or -1 if it is none; one that is too large for anything stays too large. */
  static long decimal(String text) {
    return number(text, 10);
  }

  private static long number(String text, int radix) {
    if (text.isEmpty()) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Character.digit alone would take the digits of every script.
      int digit = c < 0x80 ? Character.digit(c, radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = Math.min(value * radix + digit, Long.MAX_VALUE >>> (64 - MAX_DIGITS * 3));
    }
    return value;
  }

  /** {@code ListenPort}: a number or the name of a service. */
  static int port(String text, Surroundings surroundings) throws InvalidValue {
    long value = decimal(text);
    if (value >= 0 && value <= MAX_PORT) {
      return (int) value;
    }
    OptionalInt service = value < 0 ? surroundings.udpService(text) : OptionalInt.empty();
    if (service.isPresent()) {
      return service.getAsInt();
    }
    throw new InvalidValue(
        0,
        Shown.quoted(text)
            + (value < 0
                ? " is no UDP port: a number from 0 to 65535, or a service that this machine knows"
                : " is no UDP port, which is a number from 0 to 65535"));
  }

  /** {@code FwMark}: decimal, hexadecimal with 0x, or {@code off}. */
  static int mark(String text) throws InvalidValue {
    long value = text.equalsIgnoreCase("off") ? 0 : unsignedInt(text);
    if (value < 0 || value > MAX_UNSIGNED_INT) {
      throw new InvalidValue(
          0,
          Shown.quoted(text)
              + " is no mark: a number from 0 to 4294967295, in hexadecimal with 0x, or off");
    }
    return (int) value;
  }

  private static long unsignedInt(String text) {
    return text.startsWith("0x") || text.startsWith("0X")
        ? number(text.substring(2), 16)
        : decimal(text);
  }

  /** {@code PersistentKeepalive}: seconds or {@code off}. */
  static int keepaliveSeconds(String text) throws InvalidValue {
    long value = text.equalsIgnoreCase("off") ? 0 : decimal(text);
    if (value < 0 || value > 0xffff) {
      throw new InvalidValue(
          0, Shown.quoted(text) + " is no interval: seconds from 0 to 65535, or off");
    }
    return (int) value;
  }

  /** {@code Table}: a number, a name, {@code auto} or {@code off}. */
  static RouteTable table(String text, Surroundings surroundings) throws InvalidValue {
    if (text.equalsIgnoreCase("auto")) {
      return RouteTable.AUTO;
    }
    if (text.equalsIgnoreCase("off")) {
      return RouteTable.OFF;
    }
    long number = unsignedInt(text);
    if (number >= 0 && number <= MAX_UNSIGNED_INT) {
      return RouteTable.numbered((int) number);
    }
    OptionalInt named = number < 0 ? tableNamed(text, surroundings) : OptionalInt.empty();
    if (named.isPresent()) {
      return RouteTable.numbered(named.getAsInt());
    }
    throw new InvalidValue(
        0,
        Shown.quoted(text)
            + " is no routing table: a number from 0 to 4294967295, main, a name out of"
            + " /etc/iproute2/rt_tables, auto or off");
  }

  private static OptionalInt tableNamed(String text, Surroundings surroundings) {
    // The numbers that the kernel gives its own tables (RT_TABLE_*).
    return switch (text) {
      case "main" -> OptionalInt.of(254);
      case "default" -> OptionalInt.of(253);
      case "local" -> OptionalInt.of(255);
      default -> surroundings.routeTable(text);
    };
  }

  /** {@code MTU}: bytes. */
  static int mtu(String text) throws InvalidValue {
    long value = decimal(text);
    if (value < MtuCheck.LEAST || value > MtuCheck.GREATEST) {
      throw new InvalidValue(
          0,
          Shown.quoted(text)
              + " is no MTU: a number of bytes from "
              + MtuCheck.LEAST
              + " to "
              + MtuCheck.GREATEST
              + " (the most that a datagram carries), often 1420");
    }
    return (int) value;
  }

  /** {@code SaveConfig}. */
  static boolean truth(String text) throws InvalidValue {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    if (text.equalsIgnoreCase("false")) {
      return false;
    }
    throw new InvalidValue(0, Shown.quoted(text) + " is neither true nor false");
  }
}
