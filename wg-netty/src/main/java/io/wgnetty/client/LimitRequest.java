package io.wgnetty.client;

import io.wgnetty.limit.QuotaText;
import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a running node what a peer or a group may carry, or tells it. */
public final class LimitRequest {
  private LimitRequest() {}

  /**
   * Asks, or tells.
   *
   * @param arguments of whom, and what is to be otherwise, by the words of the request
   * @return what is in force, in lines for people
   */
  public static List<String> run(ControlSockets sockets, String name, Map<String, String> arguments)
      throws CommandFailure {
    List<Map.Entry<String, String>> words = new ArrayList<>(arguments.entrySet());
    var facts = new Facts();
    try (var client = ManagementClient.connect(sockets, name)) {
      client.ask("limit", words, facts::add).orFail(name, "limit");
    }
    List<String> lines = new ArrayList<>();
    lines.add(facts.text("limit", "off"));
    if (facts.has("quota")) {
      lines.add("quota " + quota(facts));
    }
    if (facts.has("group")) {
      lines.add("group " + facts.text("group", ""));
    }
    return lines.stream().map(ShowText::printable).toList();
  }

  /** A quota, and what was carried of it. */
  static String quota(Facts facts) {
    String used =
        facts.has("quota_used_bytes")
            ? " (used: " + QuotaText.amount(facts.number("quota_used_bytes")) + ")"
            : "";
    return facts.text("quota", "") + used;
  }
}
