package io.wgnetty.peer;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.ResponderHandshake;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * How far handshakes with a peer are, ours and its own: both may be under way at once. And what has
 * to be remembered of the last ones so that the next keep their distance.
 */
public final class HandshakeProgress {
  /** Before anything; far enough from the ends that differences to it are right. */
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  private @Nullable PendingHandshake initiating;
  private @Nullable ResponderHandshake answering;

  /** The index of the session that our answer leads to; there as long as {@link #answering}. */
  private @Nullable PendingHandshake answer;

  private long lastSentNs = LONG_AGO;
  private boolean gated;
  private int attempt;
  private long begunNs;
  private long lastCompletedNs;
  private long lastInitiationNs;

  /** Up to when initiations of the peer have used up what it may have computed for it. */
  private long initiationsPaidUntilNs = LONG_AGO;

  /** Outlives sessions, so that no initiation is ever replayed. */
  private byte @Nullable [] greatestTimestamp;

  private boolean unusable;
  private boolean waitsForWorkers;
  private boolean lastMinuteRekeyAsked;

  /** An attempt of ours was given up for a hand-over. */
  private boolean interrupted;

  // ---- ours

  /** Our initiation that awaits its answer, or is being computed. */
  public @Nullable PendingHandshake initiating() {
    return initiating;
  }

  public void initiate(PendingHandshake pending) {
    initiating = pending;
  }

  /** Our attempt is over; returns it if there was one. */
  public @Nullable PendingHandshake endInitiation() {
    PendingHandshake ended = initiating;
    initiating = null;
    return ended;
  }

  /** Which attempt of ours is under way; 0 if none is. */
  public int attempt() {
    return attempt;
  }

  /** Another attempt begins; returns whether it is the first. */
  public boolean countAttempt(long nowNs) {
    boolean isFirst = attempt++ == 0;
    if (isFirst) {
      begunNs = nowNs;
    }
    return isFirst;
  }

  /** None is under way any more; returns how many there were. */
  public int endAttempts() {
    int attempts = attempt;
    attempt = 0;
    return attempts;
  }

  /** How long until another message of ours keeps its distance from the last; 0 or less: now. */
  public long opensInNs(long nowNs, long timeoutNs) {
    // Two stamps of the same moment would look like a replay, so that much distance is always kept.
    long distanceNs = gated ? timeoutNs : Tai64n.RESOLUTION_NS;
    return distanceNs - (nowNs - lastSentNs);
  }

  /** A handshake message of ours goes out, or is begun. */
  public void sent(long nowNs) {
    lastSentNs = nowNs;
    gated = true;
  }

  /**
   * The next attempt need not wait for the last one's time: that one went elsewhere, or is over.
   */
  public void openGate() {
    gated = false;
  }

  /** Lets the next handshake begin at once: it is under another key of ours. */
  public void forgetSent() {
    lastSentNs = LONG_AGO;
    gated = false;
  }

  /** Whether an attempt of ours waits for room with the workers. */
  public boolean waitsForWorkers() {
    return waitsForWorkers;
  }

  public void waitForWorkers(boolean waits) {
    waitsForWorkers = waits;
  }

  /** Whether the peer's key is a point of low order: nothing may ever be sent to it. */
  public boolean isUnusable() {
    return unusable;
  }

  public void setUnusable(boolean unusable) {
    this.unusable = unusable;
  }

  // ---- the peer's

  /** The peer's initiation that we are answering. */
  public @Nullable ResponderHandshake answering() {
    return answering;
  }

  /** The place of the session that our answer leads to; there as long as {@link #answering}. */
  public @Nullable PendingHandshake answer() {
    return answer;
  }

  public void answer(ResponderHandshake handshake, PendingHandshake pending) {
    answering = handshake;
    answer = pending;
  }

  /** Nothing is being answered any more; returns the place that was reserved for it. */
  public @Nullable PendingHandshake endAnswer() {
    PendingHandshake ended = answer;
    answering = null;
    answer = null;
    return ended;
  }

  /** An initiation is answered; an attempt of our own goes on. */
  public void begunByPeer(long nowNs) {
    if (attempt == 0) {
      begunNs = nowNs;
    }
  }

  /** When an initiation of the peer was last accepted; meaningless before there was one. */
  public long lastInitiationNs() {
    return lastInitiationNs;
  }

  /** The greatest timestamp ever accepted. */
  public byte @Nullable [] greatestTimestamp() {
    return greatestTimestamp;
  }

  /** Whether an initiation with this timestamp is newer than all before. */
  public boolean isNews(byte[] timestamp) {
    return greatestTimestamp == null || Tai64n.compare(timestamp, greatestTimestamp) > 0;
  }

  /** An initiation with this timestamp was accepted before there was this peer. */
  public void knows(byte[] timestamp) {
    greatestTimestamp = timestamp;
  }

  public void accepted(byte[] timestamp, long nowNs) {
    greatestTimestamp = timestamp;
    lastInitiationNs = nowNs;
  }

  /**
   * Whether one more initiation of the peer may be answered now; if so, it is accounted for. On
   * average one every {@link Timings#INITIATION_SPACING_NS}. What waited in a queue while the
   * machine or the node stood still comes at once, and only the last of it counts for the peer, so
   * as many as one second allows may come together.
   */
  public boolean mayInitiate(long nowNs) {
    long paidUntilNs = Math.max(initiationsPaidUntilNs, nowNs) + Timings.INITIATION_SPACING_NS;
    if (paidUntilNs - nowNs > Timings.INITIATION_BURST_NS) {
      return false;
    }
    initiationsPaidUntilNs = paidUntilNs;
    return true;
  }

  // ---- elsewhere

  /** An attempt of ours is given up because the shard goes on elsewhere, and begins again there. */
  void interrupt() {
    interrupted |= initiating != null || waitsForWorkers;
  }

  /** Whether {@link #interrupt} ended an attempt that is to begin again; from now on no. */
  boolean takeInterrupted() {
    boolean was = interrupted;
    interrupted = false;
    return was;
  }

  /** Writes down what is to be remembered; attempts and answers under way are not. */
  void save(StateWriter out) {
    out.int64(lastSentNs);
    out.bool(gated);
    out.int32(attempt);
    out.int64(begunNs);
    out.int64(lastCompletedNs);
    out.int64(lastInitiationNs);
    out.int64(initiationsPaidUntilNs);
    out.bool(lastMinuteRekeyAsked);
    out.bool(interrupted);
    byte[] stamp = greatestTimestamp;
    out.bool(stamp != null);
    if (stamp != null) {
      out.bytes(stamp);
    }
  }

  /** Takes in what {@link #save} wrote down. */
  void restore(StateReader in) {
    lastSentNs = in.int64();
    gated = in.bool();
    attempt = in.int32(0, Integer.MAX_VALUE, "an attempt");
    begunNs = in.int64();
    lastCompletedNs = in.int64();
    lastInitiationNs = in.int64();
    initiationsPaidUntilNs = in.int64();
    lastMinuteRekeyAsked = in.bool();
    interrupted = in.bool();
    greatestTimestamp = in.bool() ? in.bytes(Tai64n.BYTES) : null;
  }

  // ---- both

  /** When the handshake under way began; meaningless without one. */
  public long begunNs() {
    return begunNs;
  }

  /** When a handshake was last completed; meaningless before one was. */
  public long lastCompletedNs() {
    return lastCompletedNs;
  }

  public void completed(long nowNs) {
    lastCompletedNs = nowNs;
    lastMinuteRekeyAsked = false;
  }

  /**
   * Whether the last-minute rekey of rule 3.3(c) was asked for in this session; from now on yes.
   */
  public boolean askLastMinuteRekey() {
    boolean asked = lastMinuteRekeyAsked;
    lastMinuteRekeyAsked = true;
    return asked;
  }
}
