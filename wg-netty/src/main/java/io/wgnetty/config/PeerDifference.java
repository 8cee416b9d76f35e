package io.wgnetty.config;

import io.wgnetty.limit.PeerLimit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Which lines of a peer's section have to say something else. */
final class PeerDifference {
  private static final List<CommentWord> LIMITS =
      List.of(CommentWord.LIMIT, CommentWord.QUOTA, CommentWord.GROUP);

  private PeerDifference() {}

  /** What a running peer has otherwise than its section: its end is the file's to say. */
  static SectionChange of(PeerSettings before, PeerSettings after) {
    var change = new SectionChange();
    String label = after.label();
    if (label != null && !label.equals(before.label())) {
      change.put(CommentWord.NAME, LabelForms.clean(label));
    }
    for (Keyword keyword : ConfigurationText.PEER_KEYWORDS) {
      if (!isSame(keyword, before, after)) {
        change.put(keyword, (out, end) -> ConfigurationText.addLine(out, keyword, after, end));
      }
    }
    Map<CommentWord, String> limitsBefore = limits(before.limit());
    Map<CommentWord, String> limitsAfter = limits(after.limit());
    for (CommentWord word : LIMITS) {
      String value = limitsAfter.getOrDefault(word, "");
      if (!value.equals(limitsBefore.getOrDefault(word, ""))) {
        change.put(word, value);
      }
    }
    return change;
  }

  /** The comments that say what a peer may carry. */
  static Map<CommentWord, String> limits(PeerLimit limit) {
    Map<CommentWord, String> comments = new EnumMap<>(CommentWord.class);
    if (limit.hasRates()) {
      comments.put(CommentWord.LIMIT, limit.toString());
    }
    if (limit.quota() != null) {
      comments.put(CommentWord.QUOTA, limit.quota().toString());
    }
    if (limit.group() != null) {
      comments.put(CommentWord.GROUP, limit.group());
    }
    return comments;
  }

  /** All that a section can say. */
  static SectionChange ofAll(PeerSettings before, PeerSettings after) {
    SectionChange change = of(before, after);
    if (before.notAfter() != after.notAfter()) {
      boolean ends = after.notAfter() != PeerSettings.FOR_EVER;
      change.put(CommentWord.EXPIRES, ends ? ExpiryText.of(after.notAfter()) : "");
    }
    return change;
  }

  private static boolean isSame(Keyword keyword, PeerSettings before, PeerSettings after) {
    return switch (keyword) {
      // One that is elsewhere never comes into the file.
      case PRESHARED_KEY ->
          before.presharedKeyFile() != null || before.presharedKey().sameAs(after.presharedKey());
      case ALLOWED_IPS -> Set.copyOf(before.allowedIps()).equals(Set.copyOf(after.allowedIps()));
      case ENDPOINT -> Objects.equals(before.endpoint(), after.endpoint());
      case PERSISTENT_KEEPALIVE -> before.keepaliveSeconds() == after.keepaliveSeconds();
      default -> true;
    };
  }
}
