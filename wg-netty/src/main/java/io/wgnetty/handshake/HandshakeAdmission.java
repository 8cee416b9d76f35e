package io.wgnetty.handshake;

import io.wgnetty.crypto.Aead;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Decides which handshake messages are worth the workers' time, before any costly computation
 * (protocol 2.7). Used by one thread; the limits are the whole node's.
 *
 * <p>A cookie helps against those who only claim to be somewhere, and they show in initiations that
 * come to nothing. Therefore cookies are asked for while those take too much of the workers' time,
 * and not because a queue is long: when thousands of peers call at once, each is served in its turn
 * without a detour. And while cookies are asked for, a source that stays within its rate is still
 * served without one as far as there is time for it, so that one attacker cannot push everybody
 * into cookies.
 */
public final class HandshakeAdmission {
  /** What is to be done with a message. */
  public enum Decision {
    /** Without proof of where it came from. */
    PROCESS,
    /** It came from where it says. */
    PROCESS_PROVEN,
    REPLY_WITH_COOKIE,
    DROP_QUEUE_FULL,
    DROP_BAD_MAC1,
    DROP_RATE_LIMITED
  }

  /**
   * Initiations that may wait while sources have to prove themselves: more would only be late, and
   * nobody knows yet what they cost.
   */
  private static final int SHORT_QUEUE = 512;

  /** Load is over when cookies were not needed for this long. */
  private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(1);

  private final CookieChecker cookies;
  private final HandshakeLimits limits;
  private long lastLoadedNs;
  private boolean everLoaded;

  public HandshakeAdmission(CookieChecker cookies, HandshakeLimits limits) {
    this.cookies = cookies;
    this.limits = limits;
  }

  /** One with cookies of its own, made from the secrets of the whole node. */
  public static HandshakeAdmission of(
      LocalIdentity identity, Aead aead, RandomGenerator random, HandshakeLimits limits) {
    return new HandshakeAdmission(
        new CookieChecker(identity, aead, random, limits.secrets()), limits);
  }

  /** Whether the sender of a message knows our public key. */
  public boolean knowsUs(byte[] message) {
    return cookies.checkMac1(message);
  }

  /**
   * Judges an initiation of the right length.
   *
   * @param waiting how many initiations of unproven sources wait for the workers already
   */
  public Decision decide(byte[] message, Endpoint source, int waiting, long nowNs) {
    boolean scarce = limits.strangers().isScarce(nowNs);
    if (!scarce && waiting >= HandshakeLanes.INCOMING_CAPACITY) {
      return Decision.DROP_QUEUE_FULL; // nothing is computed for what could not be queued
    }
    if (!knowsUs(message)) {
      return Decision.DROP_BAD_MAC1;
    }
    if (!scarce) {
      return Decision.PROCESS;
    }
    lastLoadedNs = nowNs;
    everLoaded = true;
    if (cookies.checkMac2(message, source, nowNs)) {
      return limits.rates().allowProven(source, nowNs)
          ? Decision.PROCESS_PROVEN
          : Decision.DROP_RATE_LIMITED;
    }
    if (waiting < SHORT_QUEUE
        && limits.strangers().isLeft(nowNs)
        && limits.rates().allowClaimed(source, nowNs)) {
      return Decision.PROCESS;
    }
    return limits.replies().isLeft(nowNs) ? Decision.REPLY_WITH_COOKIE : Decision.DROP_RATE_LIMITED;
  }

  /** The answer to a message for which {@link Decision#REPLY_WITH_COOKIE} was given: 64 bytes. */
  public byte[] cookieReply(byte[] message, Endpoint source, long nowNs) {
    limits.replies().charge(HandshakeLimits.REPLY_NS, nowNs);
    return cookies.reply(message, source, nowNs);
  }

  /** What initiations that came to nothing are charged to. */
  public WorkBudget strangers() {
    return limits.strangers();
  }

  /** Whether sources have to prove themselves, or had to within the last second. */
  public boolean isUnderLoad(long nowNs) {
    return everLoaded && nowNs - lastLoadedNs < HOLD_NS;
  }
}
