package io.wgnetty.peer;

import static io.wgnetty.peer.LonePeer.MS;
import static io.wgnetty.peer.LonePeer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every row of the table in protocol 3.4. */
class PeerTimersTest {
  private static final long NOW = 1_000 * SECOND;

  private final PeerTimers timers = new PeerTimers(Timings.STANDARD);

  @Test
  void shouldNeedNothingAtFirst() {
    assertThat(timers.earliestNs()).isEqualTo(PeerTimers.NEVER);
    assertThat(timers.takeRetransmit(NOW)).isFalse();
    assertThat(timers.takeSendKeepalive(NOW)).isFalse();
    assertThat(timers.takeNewHandshake(NOW)).isFalse();
    assertThat(timers.takeZeroKeys(NOW)).isFalse();
    assertThat(timers.takePersistentKeepalive(NOW)).isFalse();
  }

  @Test
  void shouldRetransmitOnceWhenTheTimeIsOver() {
    timers.armRetransmit(NOW, 5 * SECOND);
    assertThat(timers.isRetransmitArmed()).isTrue();
    assertThat(timers.earliestNs()).isEqualTo(NOW + 5 * SECOND);
    assertThat(timers.takeRetransmit(NOW + 5 * SECOND - 1)).isFalse();
    assertThat(timers.takeRetransmit(NOW + 5 * SECOND)).isTrue();
    assertThat(timers.isRetransmitArmed()).isFalse();
    assertThat(timers.takeRetransmit(NOW + 6 * SECOND)).isFalse();
  }

  @Test
  void shouldMoveRetransmissionWithEveryInitiation() {
    timers.armRetransmit(NOW, 5 * SECOND);
    timers.armRetransmit(NOW + SECOND, 5 * SECOND);
    assertThat(timers.takeRetransmit(NOW + 5 * SECOND)).isFalse();
    assertThat(timers.takeRetransmit(NOW + 6 * SECOND)).isTrue();
  }

  @Test
  void shouldRetransmitNineteenTimes() {
    // protocol 3.4: with the first that makes 20 initiations
    for (int i = 0; i < Timings.MAX_HANDSHAKE_RETRIES + 1; i++) {
      assertThat(timers.takeAttempt()).as("attempt %d", i).isTrue();
    }
    assertThat(timers.takeAttempt()).isFalse();
    assertThat(timers.takeAttempt()).isFalse();
    timers.resetAttempts();
    assertThat(timers.takeAttempt()).isTrue();
  }

  @Test
  void shouldCancelRetransmissionAndForgetAttemptsWhenTheHandshakeIsComplete() {
    while (timers.takeAttempt()) {
      timers.armRetransmit(NOW, 5 * SECOND);
    }
    timers.handshakeComplete();
    assertThat(timers.isRetransmitArmed()).isFalse();
    assertThat(timers.takeAttempt()).isTrue();
  }

  @Test
  void shouldGiveUpEverythingButTheKeys() {
    timers.dataReceived(NOW);
    timers.armRetransmit(NOW, SECOND);
    timers.gaveUp(NOW);
    assertThat(timers.isRetransmitArmed()).isFalse();
    assertThat(timers.takeSendKeepalive(Long.MAX_VALUE - 1)).isFalse();
    assertThat(timers.earliestNs()).isEqualTo(NOW + 540 * SECOND);
  }

  @Test
  void shouldNotMoveKeyZeroingWhenGivingUp() {
    timers.sessionDerived(NOW);
    timers.gaveUp(NOW + 100 * SECOND);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 540 * SECOND);
  }

  @Test
  void shouldMoveKeyZeroingWithEverySession() {
    timers.sessionDerived(NOW);
    timers.sessionDerived(NOW + 100 * SECOND);
    assertThat(timers.takeZeroKeys(NOW + 640 * SECOND - 1)).isFalse();
    assertThat(timers.takeZeroKeys(NOW + 640 * SECOND)).isTrue();
    assertThat(timers.takeZeroKeys(NOW + 641 * SECOND)).isFalse();
  }

  @Test
  void shouldSendKeepaliveTenSecondsAfterTheFirstData() {
    timers.dataReceived(NOW);
    assertThat(timers.takeSendKeepalive(NOW + 10 * SECOND - 1)).isFalse();
    assertThat(timers.takeSendKeepalive(NOW + 10 * SECOND)).isTrue();
    timers.keepaliveSent(NOW + 10 * SECOND);
    assertThat(timers.earliestNs()).as("no other is needed").isEqualTo(PeerTimers.NEVER);
  }

  @Test
  void shouldSendAnotherKeepaliveIfMoreDataCameWhileOneWasPending() {
    timers.dataReceived(NOW);
    timers.dataReceived(NOW + SECOND);
    timers.dataReceived(NOW + 2 * SECOND);
    assertThat(timers.takeSendKeepalive(NOW + 10 * SECOND)).isTrue();
    timers.keepaliveSent(NOW + 10 * SECOND);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 20 * SECOND);
    assertThat(timers.takeSendKeepalive(NOW + 20 * SECOND)).isTrue();
    timers.keepaliveSent(NOW + 20 * SECOND);
    assertThat(timers.earliestNs()).as("one more, not for ever").isEqualTo(PeerTimers.NEVER);
  }

  @Test
  void shouldCancelKeepaliveWhenAnythingIsSent() {
    timers.dataReceived(NOW);
    timers.authenticatedSent();
    assertThat(timers.takeSendKeepalive(NOW + 10 * SECOND)).isFalse();
  }

  @Test
  void shouldNotCancelKeepaliveWhenSomethingIsReceived() {
    timers.dataReceived(NOW);
    timers.authenticatedReceived();
    assertThat(timers.takeSendKeepalive(NOW + 10 * SECOND)).isTrue();
  }

  @Test
  void shouldAskForANewHandshakeFifteenSecondsAndJitterAfterData() {
    timers.armNewHandshake(NOW, 300 * MS);
    assertThat(timers.isNewHandshakeArmed()).isTrue();
    assertThat(timers.takeNewHandshake(NOW + 15_300 * MS - 1)).isFalse();
    assertThat(timers.takeNewHandshake(NOW + 15_300 * MS)).isTrue();
    assertThat(timers.isNewHandshakeArmed()).isFalse();
  }

  @Test
  void shouldNotAskForANewHandshakeOnceAnythingCame() {
    timers.armNewHandshake(NOW, 0);
    timers.authenticatedReceived();
    assertThat(timers.isNewHandshakeArmed()).isFalse();
    assertThat(timers.takeNewHandshake(NOW + 16 * SECOND)).isFalse();
  }

  @Test
  void shouldStillAskForANewHandshakeWhenMoreIsSent() {
    timers.armNewHandshake(NOW, 0);
    timers.authenticatedSent();
    assertThat(timers.takeNewHandshake(NOW + 15 * SECOND)).isTrue();
  }

  @Test
  void shouldMovePersistentKeepaliveWithEveryPacket() {
    timers.setPersistentInterval(25);
    assertThat(timers.earliestNs()).isEqualTo(PeerTimers.NEVER);
    timers.traversed(NOW);
    timers.traversed(NOW + 10 * SECOND);
    assertThat(timers.takePersistentKeepalive(NOW + 35 * SECOND - 1)).isFalse();
    assertThat(timers.takePersistentKeepalive(NOW + 35 * SECOND)).isTrue();
    assertThat(timers.earliestNs()).isEqualTo(PeerTimers.NEVER);
  }

  @Test
  void shouldHaveNoPersistentKeepaliveWithoutInterval() {
    timers.traversed(NOW);
    assertThat(timers.earliestNs()).isEqualTo(PeerTimers.NEVER);
    timers.setPersistentInterval(25);
    timers.traversed(NOW);
    timers.setPersistentInterval(0);
    assertThat(timers.takePersistentKeepalive(NOW + 26 * SECOND)).isFalse();
  }

  @Test
  void shouldTakeTheLongestIntervalThereIs() {
    timers.setPersistentInterval(65_535);
    timers.traversed(NOW);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 65_535 * SECOND);
  }

  @Test
  void shouldKnowTheEarliestOfAll() {
    timers.sessionDerived(NOW);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 540 * SECOND);
    timers.setPersistentInterval(25);
    timers.traversed(NOW);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 25 * SECOND);
    timers.armNewHandshake(NOW, 0);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 15 * SECOND);
    timers.dataReceived(NOW);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 10 * SECOND);
    timers.armRetransmit(NOW, 5 * SECOND);
    assertThat(timers.earliestNs()).isEqualTo(NOW + 5 * SECOND);
  }

  @Test
  void shouldCancelEverythingButTheInterval() {
    timers.setPersistentInterval(25);
    timers.traversed(NOW);
    timers.sessionDerived(NOW);
    timers.armNewHandshake(NOW, 0);
    timers.dataReceived(NOW);
    timers.dataReceived(NOW);
    timers.armRetransmit(NOW, 0);
    timers.cancelAll();
    assertThat(timers.earliestNs()).isEqualTo(PeerTimers.NEVER);
    assertThat(timers.persistentIntervalSeconds()).isEqualTo(25);
    timers.keepaliveSent(NOW);
    assertThat(timers.earliestNs()).as("no other keepalive").isEqualTo(PeerTimers.NEVER);
  }

  @Test
  void shouldLeaveThreeAttemptsWhereSessionsAreRenewedEarly() {
    Timings early = Timings.renewingAfter(4);
    assertThat(early.rekeyAfterNs()).isEqualTo(4 * SECOND);
    assertThat(early.rejectAfterNs()).isEqualTo(19 * SECOND);
    assertThat(early.lastMinuteAgeNs()).isEqualTo(early.rekeyAfterNs());
    assertThat(early.rekeyTimeoutNs()).isEqualTo(Timings.STANDARD.rekeyTimeoutNs());
  }
}
