package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code # Limit = 20M} in a peer's section: what it may carry. */
final class LimitComment {
  /** A longer comment is something else. */
  private static final int MAX_BYTES = 256;

  private static final Pattern COMMENT =
      Pattern.compile("[#\\s]*Limit\\s*=\\s*(.*?)\\s*", Pattern.CASE_INSENSITIVE);

  private LimitComment() {}

  /**
   * What the comment between these bytes says of a limit, {@code null} if it says nothing of one.
   */
  static @Nullable String in(byte[] text, int start, int end) {
    if (end - start > MAX_BYTES) {
      return null;
    }
    Matcher matcher = COMMENT.matcher(new String(text, start, end - start, UTF_8));
    return matcher.matches() ? matcher.group(1) : null;
  }
}
