package io.wgnetty.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a node says of its directory of peers, as text and as JSON. */
final class DirectoryFacts {
  private static final String LAST_CHANGE = "directory_last_change_sec";

  private DirectoryFacts() {}

  /** A line for people, without its title. */
  static String text(Facts node, Quantities quantities, long nowEpochSeconds) {
    List<String> parts = new ArrayList<>();
    parts.add(ShowText.printable(node.text("directory", "")));
    if (node.has("directory_away_since_sec")) {
      parts.add(
          "away since "
              + quantities.ago(node.number("directory_away_since_sec"), nowEpochSeconds)
              + " ("
              + ShowText.printable(node.text("directory_problem", ""))
              + ")");
    }
    parts.add(
        node.number("directory_installed")
            + (node.text("directory_mode", "").equals("on_call") ? " awake" : " installed"));
    count(node, "directory_wakeable", "wakeable", parts);
    count(node, "directory_disabled", "disabled", parts);
    count(node, "directory_expired", "expired", parts);
    for (Map.Entry<String, Long> refused : node.counts("directory_refused").entrySet()) {
      parts.add(refused.getValue() + " refused as " + refused.getKey());
    }
    if (node.number(LAST_CHANGE) > 0) {
      parts.add("changed " + quantities.ago(node.number(LAST_CHANGE), nowEpochSeconds));
    }
    return String.join(", ", parts);
  }

  private static void count(Facts node, String key, String what, List<String> parts) {
    if (node.number(key) > 0) {
      parts.add(node.number(key) + " " + what);
    }
  }

  static void json(Facts node, JsonText json) {
    json.name("directory");
    if (!node.has("directory")) {
      json.nothing();
      return;
    }
    json.beginObject().name("source").valueOrNothing(node.text("directory"));
    json.name("mode").valueOrNothing(node.text("directory_mode"));
    json.name("state").valueOrNothing(node.text("directory_state"));
    json.name("away_since_epoch_seconds");
    json.momentOrNothing(node.number("directory_away_since_sec"));
    json.name("problem").valueOrNothing(node.text("directory_problem"));
    json.name("last_change_epoch_seconds");
    json.momentOrNothing(node.number(LAST_CHANGE));
    json.name("installed").value(node.number("directory_installed"));
    json.name("wakeable").value(node.number("directory_wakeable"));
    json.name("disabled").value(node.number("directory_disabled"));
    json.name("expired").value(node.number("directory_expired"));
    json.name("refused").beginObject();
    node.counts("directory_refused").forEach((reason, count) -> json.name(reason).value(count));
    json.endObject().name("lookups").beginObject();
    node.counts("directory_lookup").forEach((what, count) -> json.name(what).value(count));
    json.endObject().endObject();
  }
}
