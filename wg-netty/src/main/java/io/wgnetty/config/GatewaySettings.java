package io.wgnetty.config;

import java.util.List;

/**
 * What a file's comments {@code # Masquerade} and {@code # Isolate} ask for.
 *
 * @param byDefaultRoute whether what peers send out by the interface of the default route gets that
 *     interface's address
 * @param outgoing the same for interfaces by their names; empty if it is the default route's
 * @param isolate whether peers are kept from each other
 */
public record GatewaySettings(boolean byDefaultRoute, List<String> outgoing, boolean isolate) {
  /** A file that asks for nothing. */
  public static final GatewaySettings NONE = new GatewaySettings(false, List.of(), false);

  public GatewaySettings {
    outgoing = List.copyOf(outgoing);
  }

  public boolean masquerades() {
    return byDefaultRoute || !outgoing.isEmpty();
  }

  GatewaySettings masqueradingByDefaultRoute(boolean on) {
    return new GatewaySettings(on, List.of(), isolate);
  }

  GatewaySettings masqueradingBy(List<String> interfaces) {
    return new GatewaySettings(false, interfaces, isolate);
  }

  GatewaySettings isolating(boolean on) {
    return new GatewaySettings(byDefaultRoute, outgoing, on);
  }
}
