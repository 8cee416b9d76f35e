package io.wgnetty.peer;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.KeySlab;
import io.wgnetty.protocol.ReplayWindow;
import io.wgnetty.protocol.TransportKeys;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import org.jspecify.annotations.Nullable;

/**
 * A pair of transport keys with the counters that belong to them (protocol 2.4). Owned by one
 * shard; a session is never used for sending by two owners, so that no nonce is used twice.
 */
public final class Session implements IndexEntry {
  /** Returned by {@link #takeCounter()} when the session may send no more. */
  public static final long NO_COUNTER = -1;

  /** Counters from here on are refused (protocol 1.3, REJECT_AFTER_MESSAGES). Unsigned. */
  public static final long REJECT_AFTER_MESSAGES = 0xffff_ffff_ffff_dfffL;

  /**
   * How many counters are left out when a session goes on elsewhere. None would have to be: who had
   * it before has forbidden itself to send before it said how far it was. Fewer than a window, so
   * that nothing under way comes too late.
   */
  static final long MARGIN = 1024;

  private final Peer peer;
  private final Timings timings;
  private final boolean initiator;
  private final int localIndex;
  private final int remoteIndex;
  private final long createdNs;
  private final long sendKeyAddress;
  private final long receiveKeyAddress;
  private final ReplayWindow replayWindow;

  private long sendCounter;
  private boolean sendingAllowed = true;
  private boolean closed;

  /** How many pieces of work on other threads use its keys at this moment. */
  private int holds;

  /** Where its keys are to be wiped; once it is over, and until they are. */
  private @Nullable KeySlab toWipe;

  private boolean wiped;

  /** While it is suspended, what it goes on with; its own counter is used up meanwhile. */
  private boolean suspended;

  private long heldCounter;
  private boolean heldAllowed;

  /** Whether the process that is to go on with it knows all that does not change. */
  boolean toldAhead;

  /** Whether nobody has said yet how far it came. */
  boolean awaitsProgress;

  /** Takes the keys over into the memory for them, and wipes the given ones. */
  Session(Peer peer, TransportKeys keys, KeySlab keySlab, Timings timings, long nowNs) {
    this.peer = peer;
    this.timings = timings;
    this.initiator = keys.initiator();
    this.localIndex = keys.localIndex();
    this.remoteIndex = keys.remoteIndex();
    this.createdNs = nowNs;
    this.replayWindow = new ReplayWindow();
    this.sendKeyAddress = keySlab.allocate();
    this.receiveKeyAddress = keySlab.allocate();
    keySlab.store(sendKeyAddress, keys.sendKey());
    keySlab.store(receiveKeyAddress, keys.receiveKey());
    keys.wipe();
  }

  /**
   * What {@link #saveIdentity} wrote down. It can do nothing before {@link #restoreProgress}. Keeps
   * no key if it throws a {@link MalformedStateException}.
   */
  Session(Peer peer, StateReader in, KeySlab keySlab, Timings timings, long nowNs) {
    this.peer = peer;
    this.timings = timings;
    this.initiator = in.bool();
    this.localIndex = in.int32();
    this.remoteIndex = in.int32();
    this.createdNs = in.int64();
    if (createdNs > nowNs) {
      throw new MalformedStateException("a session is from the future");
    }
    this.sendCounter = REJECT_AFTER_MESSAGES;
    this.sendingAllowed = false;
    this.awaitsProgress = true;
    this.replayWindow = new ReplayWindow();
    in.space(2 * Aead.KEY_BYTES); // both or none
    this.sendKeyAddress = keySlab.restored(in);
    this.receiveKeyAddress = keySlab.restored(in);
  }

  /** Writes down what never changes of it, keys among that. Nobody can go on with that alone. */
  void saveIdentity(StateWriter out, KeySlab keySlab) {
    requireKeys();
    out.bool(initiator);
    out.int32(localIndex);
    out.int32(remoteIndex);
    out.int64(createdNs);
    keySlab.save(sendKeyAddress, out);
    keySlab.save(receiveKeyAddress, out);
  }

  /**
   * Writes down how far it came, for somebody who goes on with it; fails if it may still send: then
   * nobody else may know.
   */
  void saveProgress(StateWriter out) {
    if (!suspended || closed) {
      throw new IllegalStateException("how far a session came is told to nobody while it lives");
    }
    out.bool(heldAllowed);
    out.int64(heldCounter);
    replayWindow.save(out);
  }

  /** Takes in what {@link #saveProgress} wrote down, once: it goes on past those counters. */
  void restoreProgress(StateReader in) {
    if (!awaitsProgress) {
      throw new MalformedStateException("how far a session came is told twice");
    }
    sendingAllowed = in.bool();
    long next = in.int64();
    replayWindow.restore(in);
    awaitsProgress = false;
    sendCounter =
        Long.compareUnsigned(next, REJECT_AFTER_MESSAGES - MARGIN) < 0
            ? next + MARGIN
            : REJECT_AFTER_MESSAGES;
  }

  /** It gives out no counter any more, unless it is resumed. */
  void suspend() {
    if (!suspended) {
      suspended = true;
      heldCounter = sendCounter;
      heldAllowed = sendingAllowed;
      sendCounter = REJECT_AFTER_MESSAGES;
      sendingAllowed = false;
    }
  }

  /** Nobody else has gone on with it. */
  void resume() {
    if (suspended && !closed) {
      suspended = false;
      sendCounter = heldCounter;
      sendingAllowed = heldAllowed;
    }
  }

  @Override
  public Peer peer() {
    return peer;
  }

  /** The index that the other side writes into packets for this session. */
  @Override
  public int localIndex() {
    return localIndex;
  }

  /** The index that we write into packets of this session. */
  public int remoteIndex() {
    return remoteIndex;
  }

  /** Whether our side initiated the handshake. */
  public boolean isInitiator() {
    return initiator;
  }

  /**
   * Where the 32 bytes of the sending key lie. Another thread may ask while the session is held.
   *
   * @throws IllegalStateException if they are wiped: what is sealed under zeros is as good as plain
   */
  public long sendKeyAddress() {
    requireKeys();
    return sendKeyAddress;
  }

  /** Where the 32 bytes of the receiving key lie; as for {@link #sendKeyAddress}. */
  public long receiveKeyAddress() {
    requireKeys();
    return receiveKeyAddress;
  }

  private void requireKeys() {
    if (wiped) {
      throw new IllegalStateException("the keys of this session are wiped");
    }
  }

  /**
   * Another thread will work with the keys: they stay until {@link #letGo} was called as often.
   *
   * @throws IllegalStateException if the session is over
   */
  public void hold() {
    if (closed) {
      throw new IllegalStateException("the session is over");
    }
    holds++;
  }

  /** The work that {@link #hold} was called for is done. */
  public void letGo() {
    if (holds == 0) {
      throw new IllegalStateException("nobody holds this session");
    }
    holds--;
    wipeUnlessHeld();
  }

  /** Whether it is over: then nothing may be sent or delivered that it has carried. */
  public boolean isClosed() {
    return closed;
  }

  /** The window of this session's received counters. To be asked after authentication only. */
  public ReplayWindow replayWindow() {
    return replayWindow;
  }

  /** Whether the keys are still there and young enough to open packets. */
  public boolean mayReceive(long nowNs) {
    return !closed && ageNs(nowNs) < timings.rejectAfterNs();
  }

  /** Whether packets may be sealed with this session now. */
  public boolean maySend(long nowNs) {
    return sendingAllowed
        && !closed
        && ageNs(nowNs) < timings.rejectAfterNs()
        && Long.compareUnsigned(sendCounter, REJECT_AFTER_MESSAGES) < 0;
  }

  /** The next unused counter, or {@link #NO_COUNTER} once they are used up. */
  public long takeCounter() {
    return takeCounters(1);
  }

  /**
   * The first of {@code count} unused counters that follow each other, or {@link #NO_COUNTER} if
   * there are not so many left.
   */
  public long takeCounters(int count) {
    if (Long.compareUnsigned(sendCounter, REJECT_AFTER_MESSAGES - count) > 0) {
      sendingAllowed = false;
      return NO_COUNTER;
    }
    long first = sendCounter;
    sendCounter += count;
    return first;
  }

  /** How long until whoever initiated it renews it, given traffic; 0 if that is due. */
  public long rekeyInNs(long nowNs) {
    return Math.max(0, timings.rekeyAfterNs() - ageNs(nowNs));
  }

  /** How long until it neither sends nor receives; 0 if that is past. */
  public long expiresInNs(long nowNs) {
    return closed ? 0 : Math.max(0, timings.rejectAfterNs() - ageNs(nowNs));
  }

  /** Rule 3.3(b): it has sent for so long, or so much, that the next handshake is due. */
  public boolean isDueForRekey(long nowNs) {
    return sendingAllowed
        && (Long.compareUnsigned(sendCounter, Timings.REKEY_AFTER_MESSAGES) > 0
            || (initiator && ageNs(nowNs) >= timings.rekeyAfterNs()));
  }

  /** Rule 3.3(c): it only receives, and would run out before the next packet is sent. */
  public boolean isInLastMinute(long nowNs) {
    return sendingAllowed && initiator && ageNs(nowNs) >= timings.lastMinuteAgeNs();
  }

  /**
   * The private key it was made with is no longer ours: it may still receive, but never sends
   * again.
   */
  void forbidSending() {
    sendingAllowed = false;
    heldAllowed = false;
  }

  /** How long ago its keys were derived. */
  public long ageNs(long nowNs) {
    return nowNs - createdNs;
  }

  /** Whether its keys were derived before that moment. */
  public boolean isOlder(long momentNs) {
    return createdNs < momentNs;
  }

  /** Whether its keys were derived after those of the other. */
  boolean isNewerThan(Session other) {
    return other.isOlder(createdNs);
  }

  /**
   * Ends it, and wipes the keys, in the memory that took them over, as soon as no other thread
   * works with them.
   */
  void close(KeySlab keySlab) {
    if (!closed) {
      closed = true;
      sendingAllowed = false;
      toWipe = keySlab;
      wipeUnlessHeld();
    }
  }

  private void wipeUnlessHeld() {
    KeySlab keySlab = toWipe;
    if (keySlab != null && holds == 0) {
      toWipe = null;
      wiped = true;
      keySlab.release(sendKeyAddress);
      keySlab.release(receiveKeyAddress);
    }
  }

  /** Jumps ahead, so that a test reaches the limits. */
  void setSendCounter(long counter) {
    sendCounter = counter;
  }

  @Override
  public String toString() {
    return "session "
        + Integer.toHexString(localIndex)
        + (initiator ? " (initiator)" : " (responder)");
  }
}
