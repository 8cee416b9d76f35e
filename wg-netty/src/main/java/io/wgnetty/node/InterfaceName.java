package io.wgnetty.node;

import io.wgnetty.config.ConfigurationFile;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The names that an interface may have: those that {@code wg-quick} accepts (protocol 7.5). */
public final class InterfaceName {
  private static final Pattern VALID = Pattern.compile("[a-zA-Z0-9_=+.-]{1,15}");

  private InterfaceName() {}

  /** The name itself, if it is one. */
  public static String check(String name) throws CommandFailure {
    if (!VALID.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw CommandFailure.usage(
          "not an interface name: '"
              + printable(name)
              + "'; it has 1 to 15 characters of a-z A-Z 0-9 _ = + . -");
    }
    return name;
  }

  /** The name itself, or the one that a file's path gives. */
  public static String ofNameOrPath(String text) throws CommandFailure {
    if (text.indexOf('/') < 0 && !text.endsWith(".conf")) {
      return check(text);
    }
    try {
      return ConfigurationFile.interfaceName(Path.of(text));
    } catch (IllegalArgumentException e) { // also of a path that is none
      throw CommandFailure.usage(printable(String.valueOf(e.getMessage())));
    }
  }

  private static String printable(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
