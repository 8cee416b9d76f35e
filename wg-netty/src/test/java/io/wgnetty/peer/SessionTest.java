package io.wgnetty.peer;

import static io.wgnetty.peer.LonePeer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.KeySlab;
import io.wgnetty.protocol.TransportKeys;
import org.junit.jupiter.api.Test;

class SessionTest {
  private static final long BORN = 77 * SECOND;

  private final Peer peer = LonePeer.numbered(1);
  private final KeySlab slab = peer.shard().keySlab();
  private final int inUseBefore = slab.inUse();
  private final AgreedKeys keys = AgreedKeys.agree(1, 2);

  private Session session(TransportKeys mine) {
    return TestSession.of(peer, mine, BORN);
  }

  private int keysInUse() {
    return slab.inUse() - inUseBefore;
  }

  @Test
  void shouldTakeItsKeysOverAndWipeTheGivenOnes() {
    Session session = session(keys.initiator());
    assertThat(keys.initiator().sendKey()).containsOnly(0);
    assertThat(keys.initiator().receiveKey()).containsOnly(0);
    assertThat(keysInUse()).isEqualTo(2);
    assertThat(session.sendKeyAddress()).isNotEqualTo(session.receiveKeyAddress());
    assertThat(session.localIndex()).isEqualTo(1);
    assertThat(session.remoteIndex()).isEqualTo(2);
    assertThat(session.isInitiator()).isTrue();
    assertThat(session.peer()).isSameAs(peer);
  }

  @Test
  void shouldGiveItsKeysBackOnce() {
    Session first = session(keys.initiator());
    Session second = session(keys.responder());
    first.close(slab);
    assertThat(keysInUse()).isEqualTo(2);
    first.close(slab);
    assertThat(keysInUse()).isEqualTo(2);
    assertThat(first.maySend(BORN)).isFalse();
    assertThat(first.mayReceive(BORN)).isFalse();
    assertThat(first.isDueForRekey(BORN + 121 * SECOND)).isFalse();
    assertThat(second.maySend(BORN)).isTrue();
    second.close(slab);
    assertThat(keysInUse()).isZero();
  }

  @Test
  void shouldKeepItsKeysAsLongAsSomebodyWorksWithThem() {
    Session session = session(keys.initiator());
    session.hold();
    session.hold();
    session.close(slab);
    assertThat(session.isClosed()).isTrue();
    assertThat(session.maySend(BORN)).isFalse();
    assertThat(keysInUse()).isEqualTo(2);
    session.letGo();
    assertThat(session.sendKeyAddress()).as("still there").isNotZero();
    session.letGo();
    assertThat(keysInUse()).isZero();
  }

  @Test
  void shouldGiveNobodyTheAddressOfAWipedKey() {
    Session session = session(keys.initiator());
    session.hold();
    session.letGo();
    assertThat(keysInUse()).as("it is not over").isEqualTo(2);
    session.close(slab);
    assertThatThrownBy(session::sendKeyAddress).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::receiveKeyAddress).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::hold).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(session::letGo).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void shouldNeitherSendNorReceiveFromOneHundredEightySecondsOn() {
    Session session = session(keys.responder());
    assertThat(session.maySend(BORN + 180 * SECOND - 1)).isTrue();
    assertThat(session.mayReceive(BORN + 180 * SECOND - 1)).isTrue();
    assertThat(session.maySend(BORN + 180 * SECOND)).isFalse();
    assertThat(session.mayReceive(BORN + 180 * SECOND)).isFalse();
  }

  @Test
  void shouldCountFromZero() {
    Session session = session(keys.initiator());
    assertThat(session.takeCounter()).isZero();
    assertThat(session.takeCounter()).isEqualTo(1);
    assertThat(session.takeCounter()).isEqualTo(2);
  }

  @Test
  void shouldStopAtTheCounterLimit() {
    Session session = session(keys.initiator());
    session.setSendCounter(Session.REJECT_AFTER_MESSAGES - 1);
    assertThat(session.maySend(BORN)).isTrue();
    assertThat(session.takeCounter()).isEqualTo(Session.REJECT_AFTER_MESSAGES - 1);
    assertThat(session.maySend(BORN)).isFalse();
    assertThat(session.takeCounter()).isEqualTo(Session.NO_COUNTER);
    assertThat(session.takeCounter()).isEqualTo(Session.NO_COUNTER);
    assertThat(session.mayReceive(BORN)).isTrue();
  }

  @Test
  void shouldTreatCountersAsUnsigned() {
    Session session = session(keys.initiator());
    session.setSendCounter(Long.MAX_VALUE);
    assertThat(session.takeCounter()).isEqualTo(Long.MAX_VALUE);
    assertThat(session.maySend(BORN)).isTrue();
    assertThat(session.takeCounter()).isEqualTo(Long.MIN_VALUE);
    assertThat(session.isDueForRekey(BORN)).isTrue();
  }

  @Test
  void shouldBeDueForRekeyByAgeOnlyAsInitiator() {
    Session initiator = session(keys.initiator());
    Session responder = session(keys.responder());
    assertThat(initiator.isDueForRekey(BORN + 120 * SECOND - 1)).isFalse();
    assertThat(initiator.isDueForRekey(BORN + 120 * SECOND)).isTrue();
    assertThat(responder.isDueForRekey(BORN + 179 * SECOND)).isFalse();
  }

  @Test
  void shouldBeDueForRekeyByMessagesInBothRoles() {
    for (Session session : new Session[] {session(keys.initiator()), session(keys.responder())}) {
      session.setSendCounter(Timings.REKEY_AFTER_MESSAGES);
      assertThat(session.isDueForRekey(BORN)).as("strictly more").isFalse();
      session.takeCounter();
      assertThat(session.isDueForRekey(BORN)).isTrue();
    }
  }

  @Test
  void shouldBeInItsLastMinuteOnlyAsInitiator() {
    Session initiator = session(keys.initiator());
    Session responder = session(keys.responder());
    assertThat(initiator.isInLastMinute(BORN + 165 * SECOND - 1)).isFalse();
    assertThat(initiator.isInLastMinute(BORN + 165 * SECOND)).isTrue();
    assertThat(responder.isInLastMinute(BORN + 165 * SECOND)).isFalse();
  }

  @Test
  void shouldOnlyReceiveOnceSendingIsForbidden() {
    Session session = session(keys.initiator());
    session.forbidSending();
    assertThat(session.maySend(BORN)).isFalse();
    assertThat(session.mayReceive(BORN)).isTrue();
    assertThat(session.isDueForRekey(BORN + 120 * SECOND)).isFalse();
    assertThat(session.isInLastMinute(BORN + 165 * SECOND)).isFalse();
    assertThat(keysInUse()).isEqualTo(2);
  }

  @Test
  void shouldNotShowKeysInItsText() {
    assertThat(session(keys.initiator())).hasToString("session 1 (initiator)");
  }
}
