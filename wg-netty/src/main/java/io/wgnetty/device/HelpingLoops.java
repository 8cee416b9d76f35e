package io.wgnetty.device;

import java.util.List;

/** The loops of an interface that help each other. */
final class HelpingLoops {
  private final boolean allowed;
  private volatile List<HelpingLoop> loops = List.of();

  HelpingLoops(HelpMode mode, int count) {
    this.allowed = mode.appliesTo(count);
  }

  /** These are the loops: until then nobody helps. */
  void connect(List<HelpingLoop> all) {
    if (allowed) {
      loops = List.copyOf(all);
    }
  }

  /** Whether there is anybody to help. */
  boolean areThere() {
    return !loops.isEmpty();
  }

  List<HelpingLoop> all() {
    return loops;
  }

  /** Calls one that has time and is not helping yet. */
  void callOne(HelpingLoop caller) {
    for (HelpingLoop loop : loops) {
      if (loop != caller && loop.helpIfIdle()) {
        return;
      }
    }
  }
}
