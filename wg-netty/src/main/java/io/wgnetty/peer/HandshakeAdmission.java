package io.wgnetty.peer;

import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RateLimiter;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Decides which handshake messages are worth the workers' time, before any costly computation
 * (protocol 2.7).
 *
 * <p>Under load is a matter of the source, not only of the node: when the queue grows, a source
 * that stays within its fair rate is still served without a cookie, so one attacker cannot push
 * everybody into cookies. Only when the queue is half full, as a flood from ever new (forged)
 * sources makes it, everyone has to show one.
 */
public final class HandshakeAdmission {
  /** What is to be done with a message. */
  public enum Decision {
    PROCESS,
    REPLY_WITH_COOKIE,
    DROP_BAD_MAC1,
    DROP_RATE_LIMITED
  }

  /** The load is remembered for this long after the queue was last long. */
  private static final long HOLD_NS = TimeUnit.SECONDS.toNanos(1);

  /** Under load from one eighth of the queue's capacity on, as the reference implementations. */
  private static final int LOADED_SHARE = 8;

  /** From one half on, a source's good conduct no longer counts: it may be forged. */
  private static final int FLOODED_SHARE = 2;

  private final CookieChecker cookies;
  private final RateLimiter proven;
  private final RateLimiter claimed;
  private final int queueCapacity;
  private long lastLoadedNs;
  private boolean everLoaded;

  public HandshakeAdmission(
      CookieChecker cookies, int queueCapacity, int maxSources, RandomGenerator random) {
    this.cookies = cookies;
    this.queueCapacity = queueCapacity;
    this.proven = new RateLimiter(maxSources, random);
    this.claimed = new RateLimiter(maxSources, random);
  }

  /**
   * Judges an initiation or response of the right length.
   *
   * @param queued messages that wait for the workers at this moment
   */
  public Decision decide(byte[] message, Endpoint source, long nowNs, int queued) {
    if (!cookies.checkMac1(message)) {
      return Decision.DROP_BAD_MAC1;
    }
    if (queued >= queueCapacity / LOADED_SHARE) {
      lastLoadedNs = nowNs;
      everLoaded = true;
    }
    if (!isUnderLoad(nowNs)) {
      return Decision.PROCESS;
    }
    if (cookies.checkMac2(message, source, nowNs)) {
      return proven.allow(source, nowNs) ? Decision.PROCESS : Decision.DROP_RATE_LIMITED;
    }
    if (queued < queueCapacity / FLOODED_SHARE && claimed.allow(source, nowNs)) {
      return Decision.PROCESS;
    }
    return Decision.REPLY_WITH_COOKIE;
  }

  /** The answer to a message for which {@link Decision#REPLY_WITH_COOKIE} was given: 64 bytes. */
  public byte[] cookieReply(byte[] message, Endpoint source, long nowNs) {
    return cookies.reply(message, source, nowNs);
  }

  /** Whether the queue is long, or was within the last second. */
  public boolean isUnderLoad(long nowNs) {
    return everLoaded && nowNs - lastLoadedNs < HOLD_NS;
  }
}
