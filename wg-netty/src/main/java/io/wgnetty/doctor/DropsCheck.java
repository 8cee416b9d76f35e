package io.wgnetty.doctor;

import io.wgnetty.counters.DropReason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which packets were dropped, why, and what helps. */
final class DropsCheck implements Check {
  private static final String SUBJECT = "drops";

  /** What the Internet and ordinary hosts bring without anything being wrong. */
  private static final Set<DropReason> ORDINARY =
      EnumSet.of(
          DropReason.MALFORMED_MESSAGE,
          DropReason.UNKNOWN_INDEX,
          DropReason.LINK_DOWN,
          DropReason.NO_PEER,
          DropReason.COOKIE_REQUIRED,
          DropReason.HANDSHAKE_UNEXPECTED,
          DropReason.REPLAYED);

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null || !node.isOurs()) {
      return List.of();
    }
    Map<String, Long> now = node.newDrops();
    List<Diagnosis> all = new ArrayList<>();
    new TreeMap<>(node.drops())
        .forEach(
            (word, count) -> {
              if (count > 0) {
                all.add(one(word, count, now.getOrDefault(word, 0L)));
              }
            });
    return all.isEmpty() ? List.of(Diagnosis.ok(SUBJECT, "there were none")) : all;
  }

  private static Diagnosis one(String word, long count, long now) {
    DropReason reason = DropWords.reason(word);
    if (reason == null) {
      return Diagnosis.ok(SUBJECT, word + ", " + count);
    }
    String text =
        "%s, %d%s: %s"
            .formatted(
                word,
                count,
                now == 0 ? ", none now" : ", " + now + " now",
                DropWords.meaning(reason));
    return now == 0 || ORDINARY.contains(reason)
        ? Diagnosis.ok(SUBJECT, text)
        : Diagnosis.warning(SUBJECT, text, DropWords.remedy(reason));
  }
}
