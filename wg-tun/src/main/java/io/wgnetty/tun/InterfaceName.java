package io.wgnetty.tun;

import org.jspecify.annotations.Nullable;

/** The kernel's rules for the name of an interface. */
final class InterfaceName {
  /** IFNAMSIZ is 16 and counts the closing zero byte. */
  static final int MAX_BYTES = 15;

  private InterfaceName() {}

  /** Hands the name back if the kernel would take it as it stands. */
  static String check(@Nullable String name) throws TunException {
    if (name == null || name.isEmpty()) {
      throw new TunException("interface name is empty: give one of 1 to 15 characters, like wg0");
    }
    if (name.length() > MAX_BYTES) {
      throw new TunException(
          "interface name has "
              + name.length()
              + " characters, Linux allows "
              + MAX_BYTES
              + ": choose a shorter one");
    }
    if (name.equals(".") || name.equals("..")) {
      throw new TunException("interface name '" + name + "' is reserved: choose another");
    }
    for (int i = 0; i < name.length(); i++) {
      if (!isAllowed(name.charAt(i))) {
        throw new TunException(
            "interface name has a forbidden character at position "
                + (i + 1)
                + ": use letters, digits and _ = + . -");
      }
    }
    return name;
  }

  private static boolean isAllowed(char c) {
    // '%' is legal in a name but would make the kernel number it: tun%d becomes tun0.
    return c > ' ' && c < 0x7f && c != '/' && c != ':' && c != '%';
  }
}
