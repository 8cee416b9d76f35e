package io.wgnetty.client;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a running node what a peer may carry, or tells it. */
public final class LimitRequest {
  private LimitRequest() {}

  /**
   * Asks, or tells.
   *
   * @param limit what the peer may carry from now on; {@code null} to ask only
   * @return what is in force
   */
  public static String run(
      ControlSockets sockets, String name, PublicKey key, @Nullable String limit)
      throws CommandFailure {
    List<Map.Entry<String, String>> arguments = new ArrayList<>();
    arguments.add(Map.entry("peer", key.toHex()));
    if (limit != null) {
      arguments.add(Map.entry("limit", limit));
    }
    var inForce = new StringBuilder();
    try (var client = ManagementClient.connect(sockets, name)) {
      client
          .ask("limit", arguments, (word, value) -> inForce.append(ShowText.printable(value)))
          .orFail(name, "limit");
    }
    return inForce.toString();
  }
}
