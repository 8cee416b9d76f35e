package io.wgnetty.peer;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** When which peer is to be looked at: one wake-up for all of them, at the earliest deadline. */
public final class Deadlines {
  private final DeadlineHeap heap = new DeadlineHeap();
  private final LongConsumer alarm;
  private long wakeAtNs = PeerTimers.NEVER;

  /** No deadlines; {@code alarm} is given each moment that is earlier than any it was given. */
  Deadlines(LongConsumer alarm) {
    this.alarm = alarm;
  }

  /** The earliest, {@link PeerTimers#NEVER} if there is none. */
  public long earliestNs() {
    return heap.earliestNs();
  }

  /** The alarm has gone off: it is set anew by {@link #setAlarm}. */
  public void alarmWentOff() {
    wakeAtNs = PeerTimers.NEVER;
  }

  /** Sets the alarm for the earliest deadline that there is. */
  public void setAlarm() {
    wakeAt(heap.earliestNs());
  }

  /** Takes a peer whose deadline has passed. */
  public @Nullable Peer poll(long nowNs) {
    return heap.poll(nowNs);
  }

  /** The peer has no deadline any more. */
  public void remove(Peer peer) {
    heap.remove(peer);
  }

  /** Looks at the peer at this moment, or earlier if it was to be looked at earlier already. */
  void atLatest(Peer peer, long deadlineNs) {
    // A deadline that only moved away is left where it is: it will be looked at then, and moved on.
    if (deadlineNs < peer.deadlineNs) {
      heap.schedule(peer, deadlineNs);
      wakeAt(deadlineNs);
    }
  }

  private void wakeAt(long deadlineNs) {
    if (deadlineNs < wakeAtNs) {
      wakeAtNs = deadlineNs;
      alarm.accept(deadlineNs);
    }
  }
}
