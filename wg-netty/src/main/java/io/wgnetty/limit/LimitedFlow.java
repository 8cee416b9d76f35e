package io.wgnetty.limit;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a peer that has a limit: what goes at once, what waits for its turn, and what
 * would wait too long. Packets keep their order.
 *
 * <p>A sender learns of the limit before packets are lost: whoever understands congestion marks is
 * told by them once packets wait for more than {@link #MARK_NS}; the others by the delay, and in
 * the end by what is dropped.
 */
public final class LimitedFlow {
  /** A packet that would wait for longer is dropped. */
  static final long LONGEST_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /** A packet that has waited for longer is marked. */
  static final long MARK_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /** After so long without one, a drop is news again. */
  static final long NEWS_AFTER_NS = TimeUnit.MINUTES.toNanos(1);

  /** What becomes of a packet. */
  public enum Verdict {
    /** It goes on, and is counted as gone. */
    PASS,
    /** It waits: {@link #hold} takes it. */
    HOLD,
    /** Too many wait already. */
    DROP
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Held(byte[] packet, long sinceNs) {}

  private final Pace pace;
  private final LoopLimits limits;
  private boolean open;
  private boolean ofQuota;

  /** What the peer may carry with its group, if that has a limit. */
  private @Nullable PaceShare share;

  private final ArrayDeque<Held> queue = new ArrayDeque<>();
  private int heldBytes;
  private long lastWaitNs;
  private FlowTerms.Cause cause = FlowTerms.Cause.LIMIT;
  private boolean everDropped;
  private long droppedNs;

  LimitedFlow(FlowTerms.Way terms, LoopLimits limits) {
    this.limits = limits;
    pace = new Pace(terms.rate());
    take(terms);
  }

  /** Goes on with other terms; what waits keeps its place. */
  public void change(FlowTerms.Way terms, long nowNs) {
    if (share != null && !queue.isEmpty()) {
      share.countWaiting(-1);
    }
    take(terms);
    if (share != null && !queue.isEmpty()) {
      share.countWaiting(1);
    }
    pace.change(terms.rate(), nowNs);
  }

  private void take(FlowTerms.Way terms) {
    open = terms.open();
    ofQuota = terms.ofQuota();
    SharedPace shared = terms.shared();
    share = shared == null ? null : limits.share(shared);
  }

  /** The loop's share of the group's limit, among whose peers it takes its turn. */
  public @Nullable PaceShare share() {
    return share;
  }

  /** Judges a packet of that many bytes, or a super-packet of several. */
  public Verdict offer(long nowNs, int bytes, int packets) {
    if (!open) {
      cause = FlowTerms.Cause.QUOTA;
      return Verdict.DROP;
    }
    cause = ofQuota ? FlowTerms.Cause.QUOTA : FlowTerms.Cause.LIMIT;
    PaceShare group = share;
    if (queue.isEmpty() && (group == null || !group.isQueued()) && isFree(nowNs, nowNs)) {
      charge(nowNs, bytes, packets);
      return Verdict.PASS;
    }
    if (!limits.hasRoom(bytes)) {
      return Verdict.DROP;
    }
    if (queue.isEmpty()) {
      return Verdict.HOLD; // be it as slow as it may: nothing is before it
    }
    int heldPackets = queue.size() + packets;
    if (pace.durationNs(heldBytes + bytes, heldPackets) > LONGEST_WAIT_NS) {
      return Verdict.DROP;
    }
    if (group != null && group.durationNs(heldBytes + bytes, heldPackets) > LONGEST_WAIT_NS) {
      cause = FlowTerms.Cause.GROUP_LIMIT;
      return Verdict.DROP;
    }
    return Verdict.HOLD;
  }

  /** The group's turn is asked for only by who may go by the peer's own limit. */
  private boolean isFree(long nowNs, long sinceNs) {
    return pace.isFree(nowNs) && (share == null || share.isFree(nowNs, sinceNs));
  }

  /** Whether the peer's own limit holds back what waits. */
  public boolean isTooEarly(long nowNs) {
    return !pace.isFree(nowNs);
  }

  private void charge(long sinceNs, int bytes, int packets) {
    pace.charge(sinceNs, bytes, packets);
    if (share != null) {
      share.charge(bytes, packets);
    }
  }

  /** Why the packet that was offered last is dropped, if it is. */
  public FlowTerms.Cause cause() {
    return cause;
  }

  /** A packet is dropped; returns whether none was for a minute before. */
  public boolean droppedAfterPause(long nowNs) {
    boolean news = !everDropped || nowNs - droppedNs > NEWS_AFTER_NS;
    everDropped = true;
    droppedNs = nowNs;
    return news;
  }

  /** Takes a packet that has to wait. */
  public void hold(byte[] packet, long nowNs) {
    if (queue.isEmpty() && share != null) {
      share.countWaiting(1);
    }
    queue.add(new Held(packet, nowNs));
    heldBytes += packet.length;
    limits.add(packet.length);
  }

  /** The oldest packet, if its turn has come; it is counted as gone then. */
  public byte @Nullable [] release(long nowNs) {
    Held oldest = queue.peek();
    // Since it came, not since now: what waits loses nothing by a timer that is late.
    if (oldest == null || !isFree(nowNs, oldest.sinceNs())) {
      return null;
    }
    charge(oldest.sinceNs(), oldest.packet().length, 1);
    return take(nowNs);
  }

  /** The oldest packet, whether its turn has come or not; {@code null} if none waits. */
  public byte @Nullable [] take(long nowNs) {
    Held oldest = queue.poll();
    if (oldest == null) {
      return null;
    }
    if (queue.isEmpty() && share != null) {
      share.countWaiting(-1);
    }
    heldBytes -= oldest.packet().length;
    limits.add(-oldest.packet().length);
    lastWaitNs = nowNs - oldest.sinceNs();
    return oldest.packet();
  }

  /** Whether the packet that was taken last has waited for so long that it is to be marked. */
  public boolean isToBeMarked() {
    return lastWaitNs > MARK_NS;
  }

  /** How many packets wait. */
  public int held() {
    return queue.size();
  }
}
