package io.wgnetty.config;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer's section stands in a file's text, with the comments that belong to it: those
 * between its lines, at its end, and in front of its header, if neither an empty line nor a
 * disabled peer lies between.
 *
 * @param start of the first line that goes with it
 * @param end behind the last
 * @param key {@code null} if it has none, or a wrong one
 */
record PeerText(int start, int end, @Nullable PublicKey key) {
  /** All of a file's, in its order. */
  static List<PeerText> in(byte[] text) {
    var scan = new Scan(text);
    scan.run();
    return scan.found;
  }

  /** One walk over the lines. */
  private static final class Scan {
    private static final int NONE = -1;

    private final byte[] text;
    private final LineCursor line;
    private final List<PeerText> found = new ArrayList<>();

    /** Of the peer's section that the lines are in, {@link #NONE} if in none. */
    private int start = NONE;

    private int end;
    private @Nullable PublicKey key;

    /** Of the lines of comment that were the last lines, {@link #NONE} if there were none. */
    private int comments = NONE;

    private Scan(byte[] text) {
      this.text = text;
      this.line = new LineCursor(text);
    }

    private void run() {
      while (line.advance()) {
        if (line.length() == 0) {
          readNoContent();
        } else if (line.charAt(0) == '[') {
          readHeader();
        } else {
          readKey();
        }
      }
      if (comments != NONE) {
        keepComments(line.nextStart());
      }
      endSection();
      line.wipe();
    }

    private void readNoContent() {
      if (line.hasComment() && !DisabledPeers.isMarked(text, line)) {
        comments = comments == NONE ? line.start() : comments;
      } else {
        keepComments(line.start());
      }
    }

    /** The comments that end here are the section's own if nothing separates them from it. */
    private void keepComments(int commentsEnd) {
      if (comments == end && start != NONE) {
        end = commentsEnd;
      }
      comments = NONE;
    }

    private void readHeader() {
      boolean isPeer =
          line.length() == 6
              && Section.named(line.text(1, 5)) == Section.PEER
              && line.charAt(5) == ']';
      int before = comments;
      if (!isPeer) {
        keepComments(line.start());
      }
      comments = NONE;
      endSection();
      if (isPeer) {
        start = before == NONE ? line.start() : before;
        end = line.nextStart();
      }
    }

    private void readKey() {
      comments = NONE;
      if (start == NONE) {
        return;
      }
      end = line.nextStart();
      int separator = line.separator();
      if (separator > 0
          && separator <= Keyword.MAX_LENGTH
          && Keyword.named(line.text(0, separator)) == Keyword.PUBLIC_KEY) {
        try {
          key = KeyValue.decode(new Value(line), PublicKey::fromBase64);
        } catch (InvalidValue e) {
          key = null;
        }
      }
    }

    private void endSection() {
      if (start != NONE) {
        found.add(new PeerText(start, end, key));
      }
      start = NONE;
      key = null;
    }
  }
}
