package io.wgnetty.setup;

import io.wgnetty.device.Limits;
import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.HashMap;
import java.util.Map;

/** What groups of peers may carry, on its way to another process. */
final class GroupLimits {
  private static final int MAX_GROUPS = 1 << 20;
  private static final int MAX_TEXT_BYTES = 1024;

  private GroupLimits() {}

  /** Writes it down. */
  static void save(Limits limits, StateWriter out) {
    Map<String, PeerLimit> groups = limits.groups();
    out.int32(groups.size());
    groups.forEach(
        (name, limit) -> {
          out.text(name);
          out.text(limit.toString());
          out.text(limit.quota() == null ? "off" : limit.quota().toString());
        });
  }

  /** Sets what {@link #save} wrote down. */
  static void restore(Limits limits, StateReader in) {
    Map<String, PeerLimit> groups = new HashMap<>();
    int count = in.count(MAX_GROUPS);
    try {
      for (int i = 0; i < count; i++) {
        String name = GroupText.name(in.text(MAX_TEXT_BYTES));
        PeerLimit rates = LimitText.parse(in.text(MAX_TEXT_BYTES));
        groups.put(name, rates.withQuota(QuotaText.parse(in.text(MAX_TEXT_BYTES))));
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedStateException("the limit of a group cannot be read");
    }
    limits.setGroups(groups);
  }
}
