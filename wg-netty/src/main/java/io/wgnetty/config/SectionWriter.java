package io.wgnetty.config;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a file's text anew, section by section, with the changes that belong to each. */
final class SectionWriter {
  private static final SectionChange NONE = new SectionChange(null);

  /**
   * A line of the section that is being read.
   *
   * @param comment where its comment begins, or its end if it has none
   * @param keyword {@code null} if it is no setting
   */
  private record Line(int start, int comment, int end, @Nullable Keyword keyword) {}

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
    if (line.length() > 0 && line.charAt(0) == '[') {
      writeSection();
      section =
          line.charAt(line.length() - 1) == ']'
              ? Section.named(line.text(1, line.length() - 1))
              : null;
    } else if (line.separator() > 0 && line.separator() <= Keyword.MAX_LENGTH) {
      keyword = Keyword.named(line.text(0, line.separator()));
      if (keyword == Keyword.PUBLIC_KEY && section == Section.PEER) {
        readKey();
      }
    }
    if (line.number() == 1) {
      out.add(text, 0, line.start()); // a byte order mark
    }
    int comment = line.hasComment() && keyword != null ? line.commentStart() : line.end();
    lines.add(new Line(line.start(), comment, line.nextStart(), keyword));
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
    boolean isSection = section != null;
    int last = lines.size() - 1;
    while (last > 0 && lines.get(last).keyword() == null) {
      last--;
    }
    boolean named = lines.stream().anyMatch(this::isLabel);
    for (int i = 0; i < lines.size(); i++) {
      Line each = lines.get(i);
      Keyword keyword = each.keyword();
      if (keyword != null && change.changes(keyword)) {
        replace(each, keyword, change);
      } else if (isSection && isLabel(each)) {
        renameOrKeep(each, change);
      } else {
        keep(each);
      }
      if (i == 0 && isSection && !named) {
        addLabel(change);
      }
      if (i == last && isSection) {
        endLine();
        change.writeRest(out, lineEnd);
      }
    }
    lines.clear();
    key = null;
  }

  private boolean isLabel(Line each) {
    if (each.keyword() != null) {
      return false;
    }
    int at = each.start();
    while (at < each.end() && text[at] != '#') {
      at++;
    }
    return at < each.end() && LabelComment.in(text, at + 1, each.end()) != null;
  }

  private void renameOrKeep(Line each, SectionChange change) {
    String label = change.takeLabel();
    if (label == null) {
      keep(each);
    } else {
      ConfigurationText.addLabel(out, label, lineEnd);
    }
  }

  private void addLabel(SectionChange change) {
    String label = change.takeLabel();
    if (label != null) {
      endLine();
      ConfigurationText.addLabel(out, label, lineEnd);
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
    if (each.comment() < each.end() && text[each.comment()] == '#') {
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
