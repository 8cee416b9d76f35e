package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code # Peers = SOURCE} in a file's [Interface] section, or above it. */
public final class PeersComment {
  private static final Pattern COMMENT =
      Pattern.compile("\\s*#\\s*Peers\\s*=\\s*(\\S+)\\s*", Pattern.CASE_INSENSITIVE);

  private PeersComment() {}

  /** The source that the file names; {@code null} if it names none. */
  public static @Nullable String of(Path file) throws IOException {
    byte[] text = ConfigurationFile.bytes(file);
    try {
      return in(text);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  static @Nullable String in(byte[] text) {
    var line = new LineCursor(text);
    String source = null;
    while (source == null && line.advance() && !isPeer(line)) {
      if (line.length() == 0 && line.hasComment()) {
        Matcher matcher =
            COMMENT.matcher(
                new String(text, line.commentStart(), line.end() - line.commentStart(), UTF_8));
        source = matcher.matches() ? matcher.group(1) : null;
      }
    }
    line.wipe();
    return source;
  }

  private static boolean isPeer(LineCursor line) {
    return line.length() == 6
        && line.charAt(0) == '['
        && Section.named(line.text(1, 5)) == Section.PEER;
  }
}
