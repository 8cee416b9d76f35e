package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.Quota;
import io.wgnetty.limit.QuotaText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Values of a peer as they are written in other places than a file, by the file's rules. What
 * cannot be read is an {@link IllegalArgumentException} that says why.
 */
public final class PeerFields {
  private PeerFields() {}

  /** {@code ADDRESS[/LENGTH]}, without the host's bits. */
  public static IpPrefix prefix(String text) {
    try {
      return PrefixText.parse(text, 0).network();
    } catch (InvalidValue e) {
      throw new IllegalArgumentException(e.reason(), e);
    }
  }

  /** {@code HOST:PORT}; the port is a number. */
  public static EndpointName endpoint(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("is empty");
    }
    try {
      return EndpointText.parse(text, Surroundings.NONE);
    } catch (InvalidValue e) {
      throw new IllegalArgumentException(e.reason(), e);
    }
  }

  /** The comments by which a section says what a peer may carry, each a line without its end. */
  public static List<String> limitLines(PeerLimit limit) {
    return PeerDifference.limits(limit).entrySet().stream()
        .map(each -> Comment.line(each.getKey(), each.getValue()))
        .toList();
  }

  /** What a peer may carry. */
  public static PeerLimit limit(String text) {
    return LimitText.parse(text);
  }

  /** How much it may carry in a day or a month; {@code null} for any amount. */
  public static @Nullable Quota quota(String text) {
    return QuotaText.parse(text);
  }

  /** A name as it may be shown: one line, cut where it is too long. */
  public static String label(String text) {
    return LabelForms.clean(text);
  }

  /**
   * The last second at which a peer may be there: a day, or a moment of it with the offset of its
   * clock; {@code never}.
   */
  public static long expiry(String text) {
    return ExpiryText.parse(text);
  }

  /** The same as it is written. */
  public static String expiry(long notAfter) {
    return ExpiryText.of(notAfter);
  }
}
