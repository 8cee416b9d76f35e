package io.wgnetty.counters;

/**
 * How handshakes went. What failed, and why, are the {@link DropReason}s of {@link
 * DropStage.Chain#HANDSHAKE}.
 *
 * @param initiatedBegun first messages of ours, without their repetitions
 * @param initiatedCompleted those that led to a session
 * @param initiatedFailed answers to ours that led to nothing
 * @param answeredBegun initiations of peers that were accepted
 * @param answeredCompleted those that led to a session which the peer confirmed
 * @param answeredFailed initiations that were genuine in form and led to nothing
 * @param retransmissions repetitions of our first message
 * @param givenUp attempts of ours that ended without any answer
 * @param cookiesSent answers that asked a source to prove itself
 * @param cookiesReceived such answers that we got
 */
public record HandshakeCounts(
    long initiatedBegun,
    long initiatedCompleted,
    long initiatedFailed,
    long answeredBegun,
    long answeredCompleted,
    long answeredFailed,
    long retransmissions,
    long givenUp,
    long cookiesSent,
    long cookiesReceived) {
  public static final HandshakeCounts NONE = new HandshakeCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** These and others. */
  public HandshakeCounts plus(HandshakeCounts other) {
    return new HandshakeCounts(
        initiatedBegun + other.initiatedBegun,
        initiatedCompleted + other.initiatedCompleted,
        initiatedFailed + other.initiatedFailed,
        answeredBegun + other.answeredBegun,
        answeredCompleted + other.answeredCompleted,
        answeredFailed + other.answeredFailed,
        retransmissions + other.retransmissions,
        givenUp + other.givenUp,
        cookiesSent + other.cookiesSent,
        cookiesReceived + other.cookiesReceived);
  }
}
