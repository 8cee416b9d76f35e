package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What people call a peer: a comment {@code # Name = LABEL} or {@code # friendly_name = LABEL}, or
 * what well-known makers of such files write in front of a peer.
 */
final class LabelComment {
  /** A longer one would not fit where labels are shown. */
  static final int MAX_CHARACTERS = 64;

  /** Of the word and the white space around it; most comments are something else. */
  private static final int MAX_BEFORE_EQUALS = 64;

  /** A longer comment is no name. */
  private static final int MAX_OTHER_FORM = 256;

  private static final List<String> WORDS = List.of("name", "friendly_name");

  /** Of wg-easy, with the number by which it knows the client. */
  private static final Pattern WG_EASY =
      Pattern.compile("#\\s*Client: (.+?)( \\(([0-9a-f-]{36}|[0-9]+)\\))?\\s*");

  /** Of the installers that write {@code ### Client phone}; names have no spaces there. */
  private static final Pattern INSTALLER = Pattern.compile("### Client ([A-Za-z0-9_.-]+)\\s*");

  /** Of PiVPN; {@code ### end phone ###} stands behind the peer. */
  private static final Pattern PIVPN = Pattern.compile("### begin (\\S+) ###\\s*");

  private static final List<Pattern> FORMS = List.of(WG_EASY, INSTALLER, PIVPN);

  private LabelComment() {}

  /** The label that the comment between these bytes gives, {@code null} if it gives none. */
  static @Nullable String in(byte[] text, int start, int end) {
    int equals = start;
    int limit = Math.min(end, start + MAX_BEFORE_EQUALS);
    while (equals < limit && text[equals] != '=') {
      equals++;
    }
    if (equals == limit || !isWord(new String(text, start, equals - start, UTF_8))) {
      return inOtherForm(text, start, end);
    }
    return cleanOrNone(new String(text, equals + 1, end - equals - 1, UTF_8));
  }

  private static @Nullable String inOtherForm(byte[] text, int start, int end) {
    if (end - start > MAX_OTHER_FORM) {
      return null;
    }
    String comment = new String(text, start, end - start, UTF_8);
    for (Pattern form : FORMS) {
      Matcher matcher = form.matcher(comment);
      if (matcher.matches()) {
        return cleanOrNone(matcher.group(1));
      }
    }
    return null;
  }

  private static @Nullable String cleanOrNone(String found) {
    String label = clean(found);
    return label.isEmpty() ? null : label;
  }

  private static boolean isWord(String text) {
    String word = text.replace('#', ' ').strip();
    return WORDS.stream().anyMatch(word::equalsIgnoreCase);
  }

  /** A label as it may be shown on a terminal and written into a file: one line, not too long. */
  static String clean(String label) {
    var text = new StringBuilder();
    label
        .codePoints()
        .filter(LabelComment::isShown)
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
