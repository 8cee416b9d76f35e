package io.wgnetty.config;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with a line whose section or key nobody knows, and what was probably meant;
 * without showing what may be a piece of a secret.
 */
final class UnknownWords {
  /** The keys that AmneziaWG adds to [Interface], in small letters. */
  private static final Pattern AMNEZIA =
      Pattern.compile("jc|jmin|jmax|s[1-4]|h[1-4]|i[1-5]|j[1-3]|itime");

  private final LineCursor line;
  private final Findings findings;
  private boolean saidAmnezia;

  /** For the line at which the cursor stands, each time. */
  UnknownWords(LineCursor line, Findings findings) {
    this.line = line;
    this.findings = findings;
  }

  /** Says so; returns which one was meant, as what stands in it may have errors too. */
  @Nullable Section section(String name) {
    String near =
        Suggestion.nearest(name, List.of(Section.INTERFACE.written(), Section.PEER.written()));
    boolean shown = name.matches("[A-Za-z0-9_-]+");
    findings.error(
        line.place(0),
        shown ? name : "",
        "no such section; "
            + (near == null ? "there are [Interface] and [Peer]" : "did you mean [" + near + "]?"));
    return near == null ? null : Section.named(near);
  }

  /** What stands where a key of this section should. */
  void key(Section in) {
    String first = firstWord();
    Keyword withoutEquals = Keyword.named(first);
    int separator = line.separator();
    if (withoutEquals != null) {
      findings.error(line.place(first.length()), withoutEquals.written(), "'=' is missing");
    } else if (separator < 0) {
      findings.error(line.place(0), "", "there is no '=' in this line; " + form(in));
    } else {
      key(line.text(0, Math.min(separator, Keyword.MAX_LENGTH + 1)), in);
    }
  }

  private void key(String word, Section in) {
    if (in == Section.INTERFACE && AMNEZIA.matcher(word.toLowerCase(Locale.ROOT)).matches()) {
      amnezia(word);
      return;
    }
    String near =
        word.length() > Keyword.MAX_LENGTH ? null : Suggestion.nearest(word, Keyword.NAMES);
    // What looks like a name and has a value is no piece of a secret; anything else may be one.
    boolean hasValue = line.separator() + 1 < line.length();
    boolean shown = near != null || (hasValue && word.matches("[A-Za-z0-9_-]{1,24}"));
    findings.error(
        line.place(0),
        shown ? word : "",
        "no such key; " + (near == null ? form(in) : "did you mean " + near + "?"));
  }

  /** Said once: such a file has about nine of these keys. */
  private void amnezia(String word) {
    if (!saidAmnezia) {
      findings.error(
          line.place(0),
          word,
          "a key of AmneziaWG, which is another protocol: this file is for its programs, and its"
              + " server does not understand WireGuard");
      saidAmnezia = true;
    }
  }

  /** What stands in front of the first white space, or a little more than a key has. */
  private String firstWord() {
    int end = 1;
    while (end < line.length()
        && end <= Keyword.MAX_LENGTH
        && line.originOf(end) == line.originOf(end - 1) + 1) {
      end++;
    }
    return line.text(0, end);
  }

  private static String form(Section section) {
    List<String> names =
        Stream.of(Keyword.values())
            .filter(keyword -> keyword.section() == section)
            .map(Keyword::written)
            .toList();
    return section.header() + " has KEY = VALUE, the key one of " + String.join(", ", names);
  }
}
