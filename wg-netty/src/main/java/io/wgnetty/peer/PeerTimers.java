package io.wgnetty.peer;

import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.concurrent.TimeUnit;

/**
 * The five timers of a peer (protocol 3.4), as deadlines; whoever owns the peer asks for the
 * earliest and calls back when it has passed. Arming and cancelling a timer costs a field.
 */
public final class PeerTimers {
  /** The deadline of a timer that is not armed. */
  public static final long NEVER = Long.MAX_VALUE;

  private final Timings timings;
  private long retransmitHandshakeNs = NEVER;
  private long sendKeepaliveNs = NEVER;
  private long newHandshakeNs = NEVER;
  private long zeroKeysNs = NEVER;
  private long persistentKeepaliveNs = NEVER;
  private boolean anotherKeepaliveNeeded;
  private int persistentIntervalSeconds;
  private int handshakeAttempts;

  PeerTimers(Timings timings) {
    this.timings = timings;
  }

  /**
   * An initiation went out, or was held back and is to be tried again: {@code delayNs} with jitter.
   */
  public void armRetransmit(long nowNs, long delayNs) {
    retransmitHandshakeNs = nowNs + delayNs;
  }

  public void cancelRetransmit() {
    retransmitHandshakeNs = NEVER;
  }

  public boolean isRetransmitArmed() {
    return retransmitHandshakeNs != NEVER;
  }

  /** Any authenticated packet went to the peer. */
  public void authenticatedSent() {
    sendKeepaliveNs = NEVER;
    // The need for another keepalive stays noted until the timer has run, as in the kernel.
  }

  /** Any authenticated packet came from the peer. */
  public void authenticatedReceived() {
    newHandshakeNs = NEVER;
  }

  /** Any authenticated packet, either way. */
  public void traversed(long nowNs) {
    if (persistentIntervalSeconds > 0) {
      persistentKeepaliveNs = nowNs + TimeUnit.SECONDS.toNanos(persistentIntervalSeconds);
    }
  }

  /** The persistent keepalive is due after one interval from now, unless it is due already. */
  public void startPersistent(long nowNs) {
    if (persistentKeepaliveNs == NEVER) {
      traversed(nowNs);
    }
  }

  public boolean isNewHandshakeArmed() {
    return newHandshakeNs != NEVER;
  }

  /** A packet that is not a keepalive went to the peer while no answer was awaited yet. */
  public void armNewHandshake(long nowNs, long jitterNs) {
    newHandshakeNs = nowNs + timings.newHandshakeNs() + jitterNs;
  }

  /** A packet that is not a keepalive came from the peer. */
  public void dataReceived(long nowNs) {
    if (sendKeepaliveNs == NEVER) {
      sendKeepaliveNs = nowNs + timings.keepaliveTimeoutNs();
    } else {
      anotherKeepaliveNeeded = true;
    }
  }

  public void sessionDerived(long nowNs) {
    zeroKeysNs = nowNs + timings.zeroKeysNs();
  }

  public void handshakeComplete() {
    retransmitHandshakeNs = NEVER;
    handshakeAttempts = 0;
  }

  /** A handshake is wanted anew: it has all its attempts again. */
  public void resetAttempts() {
    handshakeAttempts = 0;
  }

  /** The last attempt went unanswered. */
  public void gaveUp(long nowNs) {
    retransmitHandshakeNs = NEVER;
    sendKeepaliveNs = NEVER;
    if (zeroKeysNs == NEVER) {
      zeroKeysNs = nowNs + timings.zeroKeysNs();
    }
  }

  public int persistentIntervalSeconds() {
    return persistentIntervalSeconds;
  }

  public void setPersistentInterval(int seconds) {
    persistentIntervalSeconds = seconds;
    if (seconds == 0) {
      persistentKeepaliveNs = NEVER;
    }
  }

  /** Writes the deadlines down; the interval is configuration. */
  void save(StateWriter out) {
    out.int64(retransmitHandshakeNs);
    out.int64(sendKeepaliveNs);
    out.int64(newHandshakeNs);
    out.int64(zeroKeysNs);
    out.int64(persistentKeepaliveNs);
    out.bool(anotherKeepaliveNeeded);
    out.byte8(handshakeAttempts);
  }

  /** Takes in what {@link #save} wrote down. */
  void restore(StateReader in) {
    retransmitHandshakeNs = in.int64();
    sendKeepaliveNs = in.int64();
    newHandshakeNs = in.int64();
    zeroKeysNs = in.int64();
    persistentKeepaliveNs = in.int64();
    anotherKeepaliveNeeded = in.bool();
    handshakeAttempts = Math.min(in.byte8(), Timings.MAX_HANDSHAKE_RETRIES + 1);
  }

  public void cancelAll() {
    retransmitHandshakeNs = NEVER;
    sendKeepaliveNs = NEVER;
    newHandshakeNs = NEVER;
    zeroKeysNs = NEVER;
    persistentKeepaliveNs = NEVER;
    anotherKeepaliveNeeded = false;
    handshakeAttempts = 0;
  }

  public long earliestNs() {
    return Math.min(
        Math.min(
            Math.min(retransmitHandshakeNs, sendKeepaliveNs), Math.min(newHandshakeNs, zeroKeysNs)),
        persistentKeepaliveNs);
  }

  /** Disarms the retransmission timer if it has run out; returns whether it had. */
  public boolean takeRetransmit(long nowNs) {
    if (retransmitHandshakeNs > nowNs) {
      return false;
    }
    retransmitHandshakeNs = NEVER;
    return true;
  }

  /** Counts a retransmission; returns whether there was one left. */
  public boolean takeAttempt() {
    if (handshakeAttempts > Timings.MAX_HANDSHAKE_RETRIES) {
      return false;
    }
    handshakeAttempts++;
    return true;
  }

  /** The attempt that was taken came to nothing before a message left: it does not count. */
  public void giveAttemptBack() {
    if (handshakeAttempts > 0) {
      handshakeAttempts--;
    }
  }

  public boolean takeSendKeepalive(long nowNs) {
    if (sendKeepaliveNs > nowNs) {
      return false;
    }
    sendKeepaliveNs = NEVER;
    return true;
  }

  /** After a passive keepalive was sent: data that came while it was pending asks for one more. */
  public void keepaliveSent(long nowNs) {
    if (anotherKeepaliveNeeded) {
      anotherKeepaliveNeeded = false;
      sendKeepaliveNs = nowNs + timings.keepaliveTimeoutNs();
    }
  }

  public boolean takeNewHandshake(long nowNs) {
    if (newHandshakeNs > nowNs) {
      return false;
    }
    newHandshakeNs = NEVER;
    return true;
  }

  public boolean takeZeroKeys(long nowNs) {
    if (zeroKeysNs > nowNs) {
      return false;
    }
    zeroKeysNs = NEVER;
    return true;
  }

  public boolean takePersistentKeepalive(long nowNs) {
    if (persistentKeepaliveNs > nowNs) {
      return false;
    }
    persistentKeepaliveNs = NEVER;
    return true;
  }
}
