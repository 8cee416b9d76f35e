package io.wgnetty.control;

import java.net.NetworkInterface;
import java.net.SocketException;

/** The number of the interface on which a link-local address is meant. */
final class ScopeId {
  private ScopeId() {}

  /** Reads what stands behind the {@code %} of an address: an interface's number or its name. */
  static int parse(String text) throws RequestException {
    if (text.matches("[0-9]{1,9}")) {
      return Integer.parseInt(text);
    }
    try {
      NetworkInterface named = text.isEmpty() ? null : NetworkInterface.getByName(text);
      if (named != null) {
        return named.getIndex();
      }
    } catch (SocketException e) {
      throw RequestException.invalid("endpoint: cannot look up interface: " + e.getMessage());
    }
    throw RequestException.invalid("endpoint: there is no interface " + text);
  }
}
