package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What people call a peer, as well-known makers of files write it in front of the peer. */
final class LabelForms {
  /** A longer one would not fit where labels are shown. */
  static final int MAX_CHARACTERS = 64;

  /** A longer comment is no name. */
  private static final int MAX_BYTES = 256;

  /** Of wg-easy, with the number by which it knows the client. */
  private static final Pattern WG_EASY =
      Pattern.compile("#\\s*Client: (.+?)( \\(([0-9a-f-]{36}|[0-9]+)\\))?\\s*");

  /** Of the installers that write {@code ### Client phone}; names have no spaces there. */
  private static final Pattern INSTALLER = Pattern.compile("### Client ([A-Za-z0-9_.-]+)\\s*");

  /** Of PiVPN; {@code ### end phone ###} stands behind the peer. */
  private static final Pattern PIVPN = Pattern.compile("### begin (\\S+) ###\\s*");

  private static final List<Pattern> FORMS = List.of(WG_EASY, INSTALLER, PIVPN);

  private LabelForms() {}

  /** The label that the comment between these bytes gives, {@code null} if it gives none. */
  static @Nullable String in(byte[] text, int start, int end) {
    if (end - start > MAX_BYTES) {
      return null;
    }
    String comment = new String(text, start, end - start, UTF_8);
    for (Pattern form : FORMS) {
      Matcher matcher = form.matcher(comment);
      if (matcher.matches()) {
        String label = clean(matcher.group(1));
        return label.isEmpty() ? null : label;
      }
    }
    return null;
  }

  /** A label as it may be shown on a terminal and written into a file: one line, not too long. */
  static String clean(String label) {
    var text = new StringBuilder();
    label
        .codePoints()
        .filter(LabelForms::isShown)
        .limit(MAX_CHARACTERS)
        .forEach(text::appendCodePoint);
    return text.toString().strip();
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
