package io.wgnetty.observe;

import java.util.Map;
import java.util.StringJoiner;

/** A JSON object in one line. */
final class JsonLine {
  private JsonLine() {}

  /** An object of numbers, and of what else there is as texts. */
  static String of(Map<String, Object> fields) {
    var line = new StringJoiner(",", "{", "}");
    fields.forEach(
        (name, value) ->
            line.add(quoted(name) + ":" + (value instanceof Number ? value : quoted("" + value))));
    return line.toString();
  }

  private static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLone =
          Character.isSurrogate(c)
              && !(Character.isHighSurrogate(c)
                  ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
                  : i > 0 && Character.isHighSurrogate(text.charAt(i - 1)));
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || isLone) {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
