package io.wgnetty.cli;

import java.util.regex.Pattern;

/** The names that an interface may have: those that {@code wg-quick} accepts (protocol 7.5). */
final class InterfaceName {
  private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9_=+.-]{1,15}");

  private InterfaceName() {}

  /** The name itself, if it is one. */
  static String check(String name) throws CommandFailure {
    if (!VALID.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new CommandFailure(
          "not an interface name: '"
              + printable(name)
              + "'; it has 1 to 15 characters of a-z A-Z 0-9 _ = + . -");
    }
    return name;
  }

  private static String printable(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
