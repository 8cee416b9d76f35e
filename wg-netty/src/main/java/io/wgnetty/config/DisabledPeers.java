package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Peers that are disabled. Each line of such a section stands behind a marker, which makes it a
 * comment for wg-quick and everybody else; without the markers it is the section as it was.
 */
final class DisabledPeers {
  private static final byte[] MARKER = "# disabled:".getBytes(US_ASCII);

  private DisabledPeers() {}

  /** Whether the cursor's line is one of a disabled peer. */
  static boolean isMarked(byte[] text, LineCursor line) {
    return line.length() == 0 && isMarked(text, line.start(), line.end());
  }

  private static boolean isMarked(byte[] text, int start, int end) {
    return end - start >= MARKER.length
        && Arrays.equals(text, start, start + MARKER.length, MARKER, 0, MARKER.length);
  }

  /** Where their sections are in the text, in its order. */
  static List<PeerText> in(byte[] text) {
    var plain = new Plain(text);
    List<PeerText> found = new ArrayList<>();
    for (PeerText section : PeerText.in(plain.bytes)) {
      found.add(
          new PeerText(plain.inText(section.start()), plain.inText(section.end()), section.key()));
    }
    plain.wipe();
    return found;
  }

  /** What they say, each peer once. A section with errors is a comment and nothing else. */
  static List<PeerSettings> settings(byte[] text, Surroundings surroundings) {
    var plain = new Plain(text);
    Map<PublicKey, PeerSettings> found = new LinkedHashMap<>();
    for (PeerText section : PeerText.in(plain.bytes)) {
      byte[] alone = Arrays.copyOfRange(plain.bytes, section.start(), section.end());
      Configuration read = ConfigurationReader.read(alone, surroundings).configuration();
      Arrays.fill(alone, (byte) 0);
      if (read != null) {
        read.peers().forEach(peer -> found.putIfAbsent(peer.publicKey(), peer));
      }
    }
    plain.wipe();
    return List.copyOf(found.values());
  }

  /** The text with these sections as comments. */
  static byte[] disable(byte[] text, List<PeerText> sections) {
    return changed(
        text,
        sections,
        (out, start, end) -> {
          out.add(MARKER);
          out.add(text[start] == '\n' ? "" : " ").add(text, start, end);
        });
  }

  /** The text with these sections in force again. */
  static byte[] enable(byte[] text, List<PeerText> sections) {
    return changed(
        text, sections, (out, start, end) -> out.add(text, unmarked(text, start, end), end));
  }

  /** Writes one line of a section. */
  @FunctionalInterface
  private interface LineWriter {
    void write(TextBuffer out, int start, int end);
  }

  /** The text with the lines of these sections written otherwise. */
  private static byte[] changed(byte[] text, List<PeerText> sections, LineWriter writer) {
    var out = new TextBuffer();
    int kept = 0;
    for (PeerText section : sections) {
      out.add(text, kept, section.start());
      for (int start = section.start(); start < section.end(); ) {
        int end = nextLine(text, start, section.end());
        writer.write(out, start, end);
        start = end;
      }
      kept = section.end();
    }
    return out.add(text, kept, text.length).take();
  }

  private static int nextLine(byte[] text, int start, int limit) {
    int at = start;
    while (at < limit && text[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, limit);
  }

  private static int unmarked(byte[] text, int start, int end) {
    if (!isMarked(text, start, end)) {
      return start;
    }
    int at = start + MARKER.length;
    return at < end && text[at] == ' ' ? at + 1 : at;
  }

  /** The text with their lines as they would be, and all other lines empty. */
  private static final class Plain {
    final byte[] bytes;
    private final int[] starts;
    private final int[] startsInText;

    Plain(byte[] text) {
      var out = new TextBuffer();
      int lines = 1;
      for (byte b : text) {
        lines += b == '\n' ? 1 : 0;
      }
      starts = new int[lines + 1];
      startsInText = new int[lines + 1];
      int line = 0;
      int length = 0;
      for (int start = LineCursor.beginOf(text); start < text.length; line++) {
        int end = nextLine(text, start, text.length);
        starts[line] = length;
        startsInText[line] = start;
        if (isMarked(text, start, end)) {
          int from = unmarked(text, start, end);
          out.add(text, from, end);
          length += end - from;
        } else {
          out.add("\n"); // also for a last line without end: each line has a place of its own
          length++;
        }
        start = end;
      }
      Arrays.fill(starts, line, starts.length, length);
      Arrays.fill(startsInText, line, startsInText.length, text.length);
      bytes = out.take();
    }

    /** Where the line that begins here begins in the text. */
    int inText(int start) {
      return start == bytes.length
          ? startsInText[startsInText.length - 1]
          : startsInText[Arrays.binarySearch(starts, start)];
    }

    void wipe() {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
