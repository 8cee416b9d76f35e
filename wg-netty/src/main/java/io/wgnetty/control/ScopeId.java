package io.wgnetty.control;

import io.wgnetty.protocol.Endpoint;
import java.net.NetworkInterface;
import java.net.SocketException;

/** The interface on which a link-local address is meant: a number for us, a name for people. */
final class ScopeId {
  private ScopeId() {}

  /** The endpoint with its interface's name, as other implementations show it. */
  static String named(Endpoint endpoint) {
    String text = endpoint.toString();
    if (endpoint.scopeId() == 0) {
      return text;
    }
    try {
      NetworkInterface scope = NetworkInterface.getByIndex(endpoint.scopeId());
      return scope == null
          ? text
          : text.replace("%" + endpoint.scopeId() + "]", "%" + scope.getName() + "]");
    } catch (SocketException e) {
      return text; // the number means the same
    }
  }

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
