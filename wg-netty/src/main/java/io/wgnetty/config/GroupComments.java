package io.wgnetty.config;

import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.QuotaText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The comments {@code # GroupLimit = NAME RATES} and {@code # GroupQuota = NAME QUOTA} of
 * [Interface]: what peers of a group may carry together. As with a peer's limit, one that cannot be
 * read is a warning: a comment of somebody else's may begin the same way.
 */
final class GroupComments {
  private final Findings findings;
  private final Map<String, Integer> seen = new HashMap<>();
  private final Map<String, PeerLimit> groups = new TreeMap<>();

  GroupComments(Findings findings) {
    this.findings = findings;
  }

  /** By their names. */
  Map<String, PeerLimit> groups() {
    return groups;
  }

  /** Takes the comment of a line that has nothing else. */
  void take(Comment comment, LineCursor line, boolean inPeer) {
    if (!comment.plain()) {
      return;
    }
    String word = comment.word().written();
    Place place = line.placeOf(line.commentStart());
    if (inPeer) {
      findings.warning(
          place, word, "means nothing in a [Peer] section; it belongs into [Interface]");
      return;
    }
    try {
      GroupText.Said said = GroupText.parse(comment.value());
      PeerLimit before = groups.getOrDefault(said.group(), PeerLimit.NONE);
      groups.put(
          said.group(),
          comment.word() == CommentWord.GROUP_LIMIT
              ? before.withRates(LimitText.parse(said.words()))
              : before.withQuota(QuotaText.parse(said.words())));
      Integer earlier = seen.put(word + ' ' + said.group(), line.number());
      if (earlier != null) {
        findings.warning(
            place, word, "stands in line " + earlier + " already; the later one counts");
      }
    } catch (IllegalArgumentException e) {
      findings.warning(
          place, word, Shown.quoted(comment.value()) + " limits nothing: " + e.getMessage());
    }
  }

  /** The values of all comments with this word. */
  static List<String> values(CommentWord word, Map<String, PeerLimit> groups) {
    List<String> values = new ArrayList<>();
    groups.forEach(
        (name, limit) -> {
          if (word == CommentWord.GROUP_QUOTA && limit.quota() != null) {
            values.add(name + ' ' + limit.quota());
          } else if (word == CommentWord.GROUP_LIMIT && limit.hasRates()) {
            values.add(name + ' ' + limit);
          }
        });
    return values;
  }

  /** Writes them. */
  static void add(TextBuffer out, Map<String, PeerLimit> groups) {
    for (CommentWord word : List.of(CommentWord.GROUP_LIMIT, CommentWord.GROUP_QUOTA)) {
      values(word, groups).forEach(value -> out.add(Comment.line(word, value) + "\n"));
    }
  }

  /** Has the comments of a section say what these are. */
  static void change(
      SectionChange change,
      Map<String, PeerLimit> before,
      Map<String, PeerLimit> after,
      String lineEnd) {
    for (CommentWord word : List.of(CommentWord.GROUP_LIMIT, CommentWord.GROUP_QUOTA)) {
      List<String> values = values(word, after);
      if (!values.equals(values(word, before))) {
        change.put(word, String.join(lineEnd + Comment.line(word, ""), values));
      }
    }
  }
}
