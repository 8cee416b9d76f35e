package io.wgnetty.config;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a file's text anew, section by section, with the changes that belong to each. */
final class SectionWriter {
  private static final SectionChange NONE = new SectionChange();

  /**
   * A line of the section that is being read.
   *
   * @param comment where its comment begins, or its end if it has none
   * @param keyword {@code null} if it is no setting
   */
  private record Line(int start, int comment, int end, @Nullable Keyword keyword, Kind kind) {}

  /** What a line is, beside its keyword. */
  private enum Kind {
    HEADER,
    /** Nothing but a comment, which goes with the peer whose header follows. */
    COMMENT,
    OTHER
  }

  private final byte[] text;
  private final LineCursor line;
  private final String lineEnd;
  private final SectionChange ofInterface;
  private final Map<PublicKey, SectionChange> ofPeers;
  private final TextBuffer out = new TextBuffer();

  private final List<Line> lines = new ArrayList<>();
  private @Nullable Section section;
  private @Nullable PublicKey key;
  private boolean hasInterface;
  private boolean endsInLine;

  SectionWriter(byte[] text, SectionChange ofInterface, Map<PublicKey, SectionChange> ofPeers) {
    this.text = text;
    this.line = new LineCursor(text);
    this.lineEnd = ConfigurationEditor.lineEnd(text);
    this.ofInterface = ofInterface;
    this.ofPeers = ofPeers;
  }

  byte[] write() {
    while (line.advance()) {
      read();
    }
    writeSection();
    line.wipe();
    if (hasInterface || ofInterface.isEmpty()) {
      return out.take();
    }
    // Peers alone are a file, too; what runs has more.
    var whole = new TextBuffer().add(Section.INTERFACE.header()).add(lineEnd);
    ofInterface.writeRest(whole, lineEnd);
    byte[] rest = out.take();
    whole.add(rest.length == 0 ? "" : lineEnd).add(rest);
    Arrays.fill(rest, (byte) 0);
    return whole.take();
  }

  private void read() {
    Keyword keyword = null;
    Kind kind = Kind.OTHER;
    if (line.length() > 0 && line.charAt(0) == '[') {
      kind = Kind.HEADER;
      beginSection(
          line.charAt(line.length() - 1) == ']'
              ? Section.named(line.text(1, line.length() - 1))
              : null);
    } else if (line.separator() > 0 && line.separator() <= Keyword.MAX_LENGTH) {
      keyword = Keyword.named(line.text(0, line.separator()));
      if (keyword == Keyword.PUBLIC_KEY && section == Section.PEER) {
        readKey();
      }
    } else if (line.length() == 0 && line.hasComment() && !DisabledPeers.isMarked(text, line)) {
      kind = Kind.COMMENT;
    }
    if (line.number() == 1) {
      out.add(text, 0, line.start()); // a byte order mark
    }
    boolean isHook = keyword != null && keyword.isHook();
    int comment = line.hasComment() && !isHook ? line.commentStart() : line.end();
    lines.add(new Line(line.start(), comment, line.nextStart(), keyword, kind));
  }

  private void beginSection(@Nullable Section next) {
    int first = lines.size();
    while (next == Section.PEER && first > 0 && lines.get(first - 1).kind() == Kind.COMMENT) {
      first--;
    }
    List<Line> inFront = List.copyOf(lines.subList(first, lines.size()));
    lines.subList(first, lines.size()).clear();
    writeSection();
    lines.addAll(inFront);
    section = next;
  }

  private void readKey() {
    try {
      key = KeyValue.decode(new Value(line), PublicKey::fromBase64);
    } catch (InvalidValue e) {
      key = null; // nobody's section, which stays as it is
    }
  }

  private SectionChange change() {
    if (section == Section.INTERFACE) {
      hasInterface = true;
      return ofInterface;
    }
    return section == Section.PEER && key != null ? ofPeers.getOrDefault(key, NONE) : NONE;
  }

  private void writeSection() {
    SectionChange change = change();
    int header = 0;
    while (header < lines.size() && lines.get(header).kind() != Kind.HEADER) {
      header++;
    }
    int last = lines.size() - 1;
    while (last > header && lines.get(last).keyword() == null) {
      last--;
    }
    Set<CommentWord> missing = EnumSet.noneOf(CommentWord.class);
    missing.addAll(change.commentWords());
    if (!missing.isEmpty()) {
      lines.forEach(each -> missing.remove(wordOf(each)));
    }
    for (int i = 0; i < lines.size(); i++) {
      Line each = lines.get(i);
      Keyword keyword = each.keyword();
      if (keyword != null && change.changes(keyword)) {
        replace(each, keyword, change);
      } else {
        keep(each, change);
      }
      if (i == header) {
        missing.forEach(word -> addComment(word, change));
      }
      if (i == last && last >= header && change.hasRest()) {
        endLine();
        change.writeRest(out, lineEnd);
      }
    }
    lines.clear();
    key = null;
  }

  /** Of a comment with a meaning; all words for a name are one. */
  private @Nullable CommentWord wordOf(Line each) {
    if (each.comment() >= each.end() || text[each.comment()] != '#') {
      return null;
    }
    Comment comment = Comment.in(text, each.comment(), each.end());
    if (comment == null) {
      return null;
    }
    return comment.word().isName() ? CommentWord.NAME : comment.word();
  }

  private void addComment(CommentWord word, SectionChange change) {
    String fresh = change.comment(word);
    if (fresh != null && !fresh.isEmpty()) {
      endLine();
      out.add(fresh).add(lineEnd);
    }
  }

  /** The line as it is, but for its comment if that is to say something else. */
  private void keep(Line each, SectionChange change) {
    String fresh = freshComment(each, change);
    if (fresh == null) {
      keep(each);
    } else if (each.kind() != Kind.COMMENT) {
      int kept = each.comment();
      while (fresh.isEmpty() && kept > each.start() && text[kept - 1] == ' ') {
        kept--;
      }
      out.add(text, each.start(), kept);
      endLineOf(each, fresh);
    } else if (!fresh.isEmpty()) {
      endLineOf(each, fresh);
    }
  }

  /** What stands in the place of the line's comment; {@code null} if that stays. */
  private @Nullable String freshComment(Line each, SectionChange change) {
    CommentWord word = change.commentWords().isEmpty() ? null : wordOf(each);
    return word == null ? null : change.comment(word);
  }

  private void endLineOf(Line each, String comment) {
    out.add(comment);
    endsInLine = true;
    if (text[each.end() - 1] == '\n') {
      endLine();
    }
  }

  /** The new line, with the old one's comment. */
  private void replace(Line each, Keyword keyword, SectionChange change) {
    var fresh = new TextBuffer();
    change.writeOnce(keyword, fresh, "");
    byte[] bytes = fresh.take();
    if (bytes.length == 0) {
      return;
    }
    endLine();
    out.add(bytes);
    Arrays.fill(bytes, (byte) 0);
    int end = each.end();
    String comment = freshComment(each, change);
    if (comment != null) {
      endLineOf(each, comment.isEmpty() ? "" : " " + comment);
    } else if (each.comment() < end && text[each.comment()] == '#') {
      out.add(" ").add(text, each.comment(), end);
      endsInLine = text[end - 1] != '\n';
    } else {
      out.add(lineEnd);
    }
  }

  private void keep(Line each) {
    out.add(text, each.start(), each.end());
    endsInLine = each.end() > each.start() && text[each.end() - 1] != '\n';
  }

  private void endLine() {
    if (endsInLine) {
      out.add(lineEnd);
      endsInLine = false;
    }
  }
}
