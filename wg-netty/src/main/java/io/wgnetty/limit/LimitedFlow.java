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
  private final HeldMemory memory;
  private final ArrayDeque<Held> queue = new ArrayDeque<>();
  private int heldBytes;
  private long lastWaitNs;
  private boolean everDropped;
  private long droppedNs;

  public LimitedFlow(RateLimit limit, HeldMemory memory) {
    pace = new Pace(limit);
    this.memory = memory;
  }

  /** Goes on with another limit; what waits keeps its place. */
  public void change(RateLimit limit, long nowNs) {
    pace.change(limit, nowNs);
  }

  public RateLimit limit() {
    return pace.limit();
  }

  /** Judges a packet of that many bytes, or a super-packet of several. */
  public Verdict offer(long nowNs, int bytes, int packets) {
    if (queue.isEmpty() && pace.isFree(nowNs)) {
      pace.charge(nowNs, bytes, packets);
      return Verdict.PASS;
    }
    if (!memory.hasRoom(bytes)) {
      return Verdict.DROP;
    }
    if (queue.isEmpty()) {
      return Verdict.HOLD; // be it as slow as it may: nothing is before it
    }
    long waitNs = pace.durationNs(heldBytes + bytes, queue.size() + packets);
    return waitNs <= LONGEST_WAIT_NS ? Verdict.HOLD : Verdict.DROP;
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
    queue.add(new Held(packet, nowNs));
    heldBytes += packet.length;
    memory.add(packet.length);
  }

  /** The oldest packet, if its turn has come; it is counted as gone then. */
  public byte @Nullable [] release(long nowNs) {
    if (queue.isEmpty() || !pace.isFree(nowNs)) {
      return null;
    }
    Held oldest = queue.element();
    // Since it came, not since now: what waits loses nothing by a timer that is late.
    pace.charge(oldest.sinceNs(), oldest.packet().length, 1);
    return take(nowNs);
  }

  /** The oldest packet, whether its turn has come or not; {@code null} if none waits. */
  public byte @Nullable [] take(long nowNs) {
    Held oldest = queue.poll();
    if (oldest == null) {
      return null;
    }
    heldBytes -= oldest.packet().length;
    memory.add(-oldest.packet().length);
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
