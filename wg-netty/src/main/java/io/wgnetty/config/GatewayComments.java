package io.wgnetty.config;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The comments {@code # Masquerade = INTERFACE} and {@code # Isolate = yes} of [Interface]. They
 * are comments because wg-quick would refuse keys that it does not know. A value that is wrong is
 * an error all the same: who relies on isolation must not be left without it.
 */
final class GatewayComments {
  private static final Pattern INTERFACE_NAME = Pattern.compile("[^\\s/:#\\p{Cntrl}]{1,15}");

  private final Findings findings;
  private final Map<String, Integer> seen = new TreeMap<>();
  private GatewaySettings settings = GatewaySettings.NONE;

  GatewayComments(Findings findings) {
    this.findings = findings;
  }

  GatewaySettings settings() {
    return settings;
  }

  /** Takes the comment of a line that has nothing else. */
  void take(Comment comment, LineCursor line, boolean inPeer) {
    if (!comment.plain()) {
      return;
    }
    String key = comment.word().written();
    Place place = line.placeOf(line.commentStart());
    if (inPeer) {
      findings.warning(
          place, key, "means nothing in a [Peer] section; it belongs into [Interface]");
      return;
    }
    Integer before = seen.put(key, line.number());
    if (before != null) {
      findings.warning(place, key, "stands in line " + before + " already; the later one counts");
    }
    try {
      settings =
          comment.word() == CommentWord.ISOLATE
              ? settings.isolating(truth(comment.value()))
              : masquerade(comment.value());
    } catch (InvalidValue e) {
      findings.error(place, key, e.reason());
    }
  }

  private static boolean truth(String value) throws InvalidValue {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes", "true" -> true;
      case "no", "false" -> false;
      default -> throw new InvalidValue(0, Shown.quoted(value) + " is neither yes nor no");
    };
  }

  private GatewaySettings masquerade(String value) throws InvalidValue {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "yes", "true" -> settings.masqueradingByDefaultRoute(true);
      case "no", "false" -> settings.masqueradingByDefaultRoute(false);
      default -> settings.masqueradingBy(names(value));
    };
  }

  private static List<String> names(String list) throws InvalidValue {
    List<String> names = Stream.of(list.split("\\s*,\\s*|\\s+", -1)).toList();
    for (String name : names) {
      check(name);
    }
    return names;
  }

  /** Writes them. */
  static void add(TextBuffer out, GatewaySettings settings) {
    if (settings.masquerades()) {
      String value = settings.byDefaultRoute() ? "yes" : String.join(", ", settings.outgoing());
      out.add(Comment.line(CommentWord.MASQUERADE, value) + "\n");
    }
    if (settings.isolate()) {
      out.add(Comment.line(CommentWord.ISOLATE, "yes") + "\n");
    }
  }

  private static void check(String name) throws InvalidValue {
    if (!INTERFACE_NAME.matcher(name).matches() || name.equals(".") || name.equals("..")) {
      throw new InvalidValue(
          0,
          Shown.quoted(name)
              + " is no interface's name: give that of the interface by which packets leave, such"
              + " as eth0, several with commas, or yes for the one of the default route");
    }
  }
}
