package io.wgnetty.control;

import io.wgnetty.limit.PeerLimit;

/** What a peer or a group may carry, as answers have it; what there is not is left out. */
final class LimitLines {
  private LimitLines() {}

  /**
   * Writes {@code limit=RATES}, {@code quota=QUOTA}, {@code quota_used_bytes=NUMBER} and {@code
   * group=NAME}.
   *
   * @param usedBytes of the quota, -1 if that is not known
   */
  static void write(PeerLimit limit, long usedBytes, AnswerWriter out) throws OperationFailure {
    if (limit.hasRates()) {
      out.line("limit", limit.toString());
    }
    if (limit.quota() != null) {
      out.line("quota", limit.quota().toString());
      if (usedBytes >= 0) {
        out.line("quota_used_bytes", usedBytes);
      }
    }
    if (limit.group() != null) {
      out.line("group", limit.group());
    }
  }
}
