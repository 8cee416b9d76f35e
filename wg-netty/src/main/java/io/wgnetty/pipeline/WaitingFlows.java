package io.wgnetty.pipeline;

import io.wgnetty.limit.LimitedFlow;
import io.wgnetty.limit.PaceShare;
import io.wgnetty.peer.Peer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The peers of a loop of whom packets wait for a limit, in one direction. Those that share a
 * group's limit take turns, a packet each.
 */
final class WaitingFlows {
  /** Of whom packets wait. */
  private record Waiting(Peer peer, LimitedFlow flow) {}

  /** Who gets packets whose turn has come. */
  @FunctionalInterface
  interface Sink {
    void take(Peer peer, LimitedFlow flow, byte[] packet);
  }

  private final List<Waiting> alone = new ArrayList<>();
  private final Map<PaceShare, ArrayDeque<Waiting>> groups = new LinkedHashMap<>();

  /** A first packet is about to wait. */
  void add(Peer peer, LimitedFlow flow) {
    var waiting = new Waiting(peer, flow);
    PaceShare share = flow.share();
    if (share == null) {
      alone.add(waiting);
    } else {
      groups.computeIfAbsent(share, first -> new ArrayDeque<>()).add(waiting);
    }
  }

  boolean isEmpty() {
    return alone.isEmpty() && groups.isEmpty();
  }

  /** Lets go on whose turn has come, or all. */
  void release(long nowNs, boolean all, Sink sink) {
    for (Waiting each : alone) {
      byte[] packet = next(each.flow(), nowNs, all);
      while (packet != null) {
        sink.take(each.peer(), each.flow(), packet);
        packet = next(each.flow(), nowNs, all);
      }
    }
    alone.removeIf(each -> each.flow().held() == 0);
    Iterator<ArrayDeque<Waiting>> turns = groups.values().iterator();
    while (turns.hasNext()) {
      ArrayDeque<Waiting> group = turns.next();
      release(group, nowNs, all, sink);
      if (group.isEmpty()) {
        turns.remove();
      }
    }
  }

  /** One packet of each in turn, until none may go. */
  private static void release(ArrayDeque<Waiting> group, long nowNs, boolean all, Sink sink) {
    int heldBack = 0;
    while (heldBack < group.size()) {
      Waiting first = group.element();
      byte[] packet = next(first.flow(), nowNs, all);
      boolean waits = packet == null && first.flow().held() > 0;
      if (waits && !first.flow().isTooEarly(nowNs)) {
        return; // the group has no more for anybody, and it stays the first
      }
      group.remove();
      if (packet != null) {
        sink.take(first.peer(), first.flow(), packet);
        heldBack = 0;
      } else {
        heldBack++; // its own limit holds it back
      }
      if (first.flow().held() > 0) {
        group.add(first);
      }
    }
  }

  private static byte @Nullable [] next(LimitedFlow flow, long nowNs, boolean all) {
    return all ? flow.take(nowNs) : flow.release(nowNs);
  }
}
