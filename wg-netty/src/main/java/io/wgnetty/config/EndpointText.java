package io.wgnetty.config;

import io.wgnetty.protocol.IpText;

/** Reads {@code HOST:PORT} and {@code [ADDRESS]:PORT} (protocol 7.4). Looks no name up. */
final class EndpointText {
  /** What the domain name system allows. */
  private static final int MAX_NAME = 253;

  private static final String FORMS = "HOST:PORT or [IPV6-ADDRESS]:PORT";

  private EndpointText() {}

  static EndpointName parse(String text, Surroundings surroundings) throws InvalidValue {
    int colon = text.charAt(0) == '[' ? afterBracket(text) : text.lastIndexOf(':');
    if (colon < 0) {
      throw new InvalidValue(
          text.length(), Shown.quoted(text) + " has no port; an endpoint is " + FORMS);
    }
    int hostAt = text.charAt(0) == '[' ? 1 : 0;
    String host = text.substring(hostAt, colon - hostAt);
    checkHost(host, hostAt, text);
    return new EndpointName(host, port(text, colon + 1, surroundings));
  }

  private static int afterBracket(String text) throws InvalidValue {
    int bracket = text.indexOf(']');
    if (bracket < 0) {
      throw new InvalidValue(0, "the ']' is missing; an endpoint is " + FORMS);
    }
    if (bracket + 1 == text.length() || text.charAt(bracket + 1) != ':') {
      throw new InvalidValue(bracket + 1, "':' and a port are missing; an endpoint is " + FORMS);
    }
    return bracket + 1;
  }

  private static int port(String text, int at, Surroundings surroundings) throws InvalidValue {
    if (at == text.length()) {
      throw new InvalidValue(at, "the port behind ':' is missing");
    }
    try {
      return NumberText.port(text.substring(at), surroundings);
    } catch (InvalidValue e) {
      throw new InvalidValue(at, e.reason());
    }
  }

  private static void checkHost(String host, int at, String text) throws InvalidValue {
    if (host.isEmpty()) {
      throw new InvalidValue(at, "the host in front of the port is missing");
    }
    if (host.indexOf(':') >= 0) {
      int percent = host.indexOf('%');
      if (!isAddress(percent < 0 ? host : host.substring(0, percent))) {
        throw new InvalidValue(
            at,
            isAddress(text)
                ? "this IPv6 address has no port; an endpoint is " + FORMS
                : Shown.quoted(host) + " is no IPv6 address");
      }
    } else if (isDotted(host)) {
      if (!isAddress(host)) {
        throw new InvalidValue(
            at, Shown.quoted(host) + " is no IPv4 address, which has four numbers from 0 to 255");
      }
    } else {
      checkName(host, at);
    }
  }

  /** Whether there is nothing but digits and dots in it. */
  static boolean isDotted(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '.' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  static boolean isAddress(String text) {
    try {
      IpText.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void checkName(String name, int at) throws InvalidValue {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '-' && c != '.' && c != '_') {
        throw new InvalidValue(at + i, "'" + c + "' cannot be in a host's name");
      }
    }
    if (name.length() > MAX_NAME) {
      throw new InvalidValue(at, "no host's name is longer than " + MAX_NAME + " characters");
    }
  }
}
