package io.wgnetty.peer;

import java.util.concurrent.TimeUnit;

/**
 * The protocol's time constants in nanoseconds (protocol 1.3). A running node uses {@link
 * #STANDARD}; endurance tests shorten them.
 *
 * @param rekeyAfterNs age at which the initiator of a session starts a new handshake when it sends
 * @param rejectAfterNs age from which a session neither sends nor receives
 * @param rekeyTimeoutNs interval of handshake retransmissions, and least spacing of own handshake
 *     messages
 * @param maxJitterNs exclusive upper bound of what is added to the two handshake timers
 * @param keepaliveTimeoutNs silence after received data until a passive keepalive is sent
 */
public record Timings(
    long rekeyAfterNs,
    long rejectAfterNs,
    long rekeyTimeoutNs,
    long maxJitterNs,
    long keepaliveTimeoutNs) {

  /** Average distance between accepted initiations of one peer, at least: 50 a second. */
  public static final long INITIATION_SPACING_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /** So much of that may be used up in advance: 50 initiations at once. */
  public static final long INITIATION_BURST_NS = TimeUnit.SECONDS.toNanos(1);

  /** Retransmissions of one attempt: REKEY_ATTEMPT_TIME (90 s) over REKEY_TIMEOUT (5 s). */
  public static final int MAX_HANDSHAKE_RETRIES = 18;

  /** A session that has sent more packets than this is replaced. */
  public static final long REKEY_AFTER_MESSAGES = 1L << 60;

  /** The constants that every WireGuard implementation uses. */
  public static final Timings STANDARD =
      new Timings(
          TimeUnit.SECONDS.toNanos(120),
          TimeUnit.SECONDS.toNanos(180),
          TimeUnit.SECONDS.toNanos(5),
          TimeUnit.MILLISECONDS.toNanos(334),
          TimeUnit.SECONDS.toNanos(10));

  /**
   * The standard ones but for sessions that are renewed early, for endurance tests. A session still
   * lives long enough after that for three attempts to renew it.
   */
  public static Timings renewingAfter(int seconds) {
    long rekeyAfterNs = TimeUnit.SECONDS.toNanos(seconds);
    return new Timings(
        rekeyAfterNs,
        rekeyAfterNs + 3 * STANDARD.rekeyTimeoutNs,
        STANDARD.rekeyTimeoutNs,
        STANDARD.maxJitterNs,
        STANDARD.keepaliveTimeoutNs);
  }

  /** How long sent data may go unanswered before a new handshake is tried, without jitter. */
  long newHandshakeNs() {
    return keepaliveTimeoutNs + rekeyTimeoutNs;
  }

  /**
   * Age at which an initiator that only receives renews the session, so that it does not run out.
   */
  long lastMinuteAgeNs() {
    return rejectAfterNs - keepaliveTimeoutNs - rekeyTimeoutNs;
  }

  /** When key material that was not renewed is wiped. */
  long zeroKeysNs() {
    return 3 * rejectAfterNs;
  }
}
