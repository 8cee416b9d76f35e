package io.wgnetty.config;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one interface's or peer's sections that are to say something else, each written
 * once, though a file may have several sections of it.
 */
final class SectionChange {
  /** Writes a line, or nothing if the setting is gone. */
  @FunctionalInterface
  interface LineWriter {
    void write(TextBuffer out, String lineEnd);
  }

  private final Map<Keyword, LineWriter> lines = new EnumMap<>(Keyword.class);
  private final Set<Keyword> written = EnumSet.noneOf(Keyword.class);
  private @Nullable String label;

  /**
   * @param label what its comment is to call it from now on, {@code null} for no change
   */
  SectionChange(@Nullable String label) {
    this.label = label;
  }

  void put(Keyword keyword, LineWriter line) {
    lines.put(keyword, line);
  }

  boolean isEmpty() {
    return lines.isEmpty() && label == null;
  }

  /** Whether lines of this key are not to stay as they are. */
  boolean changes(Keyword keyword) {
    return lines.containsKey(keyword);
  }

  /** Writes the key's line, unless that was done. */
  void writeOnce(Keyword keyword, TextBuffer out, String lineEnd) {
    LineWriter line = lines.get(keyword);
    if (line != null && written.add(keyword)) {
      line.write(out, lineEnd);
    }
  }

  /** Writes what was not written so far. */
  void writeRest(TextBuffer out, String lineEnd) {
    lines.keySet().forEach(keyword -> writeOnce(keyword, out, lineEnd));
  }

  /** The new label, once. */
  @Nullable String takeLabel() {
    String taken = label;
    label = null;
    return taken;
  }
}
