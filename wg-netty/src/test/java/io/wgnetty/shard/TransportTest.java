package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.MS;
import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.PeerTimers;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.StagedQueue;
import io.wgnetty.peer.TestSession;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.Messages;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What data packets cause (protocol 3.3 to 3.6), on two nodes. */
class TransportTest extends PairTest {
  private static final long MAX_JITTER = Timings.STANDARD.maxJitterNs();

  private List<Long> keepaliveTimes(TestNode node) {
    return network.sentBy(node, Messages.TRANSPORT).stream()
        .filter(TestNetwork.Datagram::isKeepalive)
        .map(TestNetwork.Datagram::timeNs)
        .toList();
  }

  @Test
  void shouldRekeyAsInitiatorWhenItSendsAfterTwoMinutes() {
    connect();
    network.advance(120 * SECOND - 1);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
    network.advance(1);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
    assertThat(bob.delivered()).as("the old session goes on meanwhile").hasSize(3);
  }

  @Test
  void shouldRekeyWhenEvenAKeepaliveIsSentAfterTwoMinutes() {
    connect();
    network.advance(130 * SECOND);
    alice.send(toBob, new byte[0]);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
  }

  @Test
  void shouldNotRekeyAsResponder() {
    connect();
    network.lose(datagram -> datagram.type() == Messages.INITIATION);
    network.advance(164 * SECOND);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(bob)).isZero();
  }

  @Test
  void shouldNotRekeyAnIdleTunnel() {
    connect();
    network.advance(3_600 * SECOND);
    assertThat(network.initiationsOf(alice) + network.initiationsOf(bob)).isEqualTo(1);
  }

  @Test
  void shouldRekeyInTheLastMinuteWhenItOnlyReceives() {
    connect();
    network.advance(165 * SECOND - 1);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
    network.advance(1);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
    assertThat(toBob.handshake().askLastMinuteRekey()).as("the new session may ask anew").isFalse();
  }

  @Test
  void shouldAskForTheLastMinuteRekeyOnce() {
    connect();
    network.advance(165 * SECOND);
    network.lose(datagram -> datagram.type() == Messages.INITIATION);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
    toBob.timers().handshakeComplete(); // the retransmissions would hide the rule
    network.advance(6 * SECOND);
    bob.send(toAlice, PACKET);
    network.advance(SECOND);
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
  }

  @Test
  void shouldRekeyByMessagesInBothRoles() {
    connect();
    TestSession.setSendCounter(current(toAlice), Timings.REKEY_AFTER_MESSAGES + 1);
    network.advance(6 * SECOND);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(bob)).isEqualTo(1);
    assertThat(current(toAlice).isInitiator()).isTrue();
  }

  @Test
  void shouldStageAndInitiateWhenTheCountersAreUsedUp() {
    connect();
    network.advance(6 * SECOND);
    Session old = current(toBob);
    TestSession.setSendCounter(old, Session.REJECT_AFTER_MESSAGES);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toBob.slots().current()).isNotSameAs(old);
    assertThat(bob.delivered()).hasSize(2);
  }

  @Test
  void shouldStageAndInitiateAfterThreeMinutes() {
    connect();
    network.advance(180 * SECOND);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
    assertThat(bob.delivered()).hasSize(2);
  }

  @Test
  void shouldBecomeInitiatorAfterThreeMinutesWhenItWasResponder() {
    connect();
    network.advance(180 * SECOND);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(bob)).isEqualTo(1);
    assertThat(alice.delivered()).hasSize(2);
  }

  @Test
  void shouldNotReceiveAfterThreeMinutes() {
    connect();
    network.lose(TestNetwork.Datagram::isData);
    alice.send(toBob, PACKET);
    TestNetwork.Datagram late = last(alice, Messages.TRANSPORT);
    network.lose(datagram -> true);
    network.advance(180 * SECOND);
    network.deliver(late);
    assertThat(bob.drops(DropReason.SESSION_EXPIRED)).isEqualTo(1);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldSendStagedPacketsInOrder() {
    for (int i = 0; i < StagedQueue.LIMIT + 5; i++) {
      alice.send(toBob, new byte[] {(byte) i});
    }
    network.settle();
    assertThat(bob.delivered()).hasSize(StagedQueue.LIMIT);
    for (int i = 0; i < StagedQueue.LIMIT; i++) {
      assertThat(bob.delivered().get(i)).containsExactly((byte) (i + 5));
    }
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isEqualTo(5);
  }

  @Test
  void shouldSendAPassiveKeepaliveTenSecondsAfterData() {
    connect(); // alice heard data at 0
    network.advance(60 * SECOND);
    assertThat(keepaliveTimes(alice)).containsExactly(10 * SECOND);
    assertThat(keepaliveTimes(bob)).as("keepalives are not answered").isEmpty();
  }

  @Test
  void shouldNotSendAPassiveKeepaliveWhenDataWasSent() {
    connect();
    network.advance(9 * SECOND);
    alice.send(toBob, PACKET);
    network.advance(9 * SECOND);
    assertThat(keepaliveTimes(alice)).isEmpty();
    network.advance(SECOND);
    assertThat(keepaliveTimes(bob)).containsExactly(19 * SECOND);
  }

  @Test
  void shouldSendAnotherKeepaliveWhenMoreDataCameMeanwhile() {
    connect();
    network.advance(5 * SECOND);
    bob.send(toAlice, PACKET);
    network.advance(60 * SECOND);
    assertThat(keepaliveTimes(alice)).containsExactly(10 * SECOND, 20 * SECOND);
  }

  @Test
  void shouldTryANewHandshakeWhenSentDataStaysUnanswered() {
    connect();
    network.advance(20 * SECOND);
    network.lose(datagram -> true);
    long sentNs = network.nowNs();
    alice.send(toBob, PACKET);
    network.advance(5 * SECOND);
    alice.send(toBob, PACKET);
    network.advance(10 * SECOND - 1);
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
    network.advance(MAX_JITTER + 1);
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
    assertThat(last(alice, Messages.INITIATION).timeNs() - sentNs)
        .as("counted from the first packet")
        .isBetween(15 * SECOND, 15 * SECOND + MAX_JITTER);
  }

  @Test
  void shouldNotTryANewHandshakeWhenAKeepaliveAnswers() {
    connect();
    network.advance(20 * SECOND);
    alice.send(toBob, PACKET);
    network.advance(60 * SECOND);
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
  }

  @Test
  void shouldNotTryANewHandshakeForKeepalives() {
    connect();
    network.advance(20 * SECOND);
    alice.send(toBob, new byte[0]);
    network.advance(60 * SECOND);
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
  }

  @Test
  void shouldWipeKeysNineMinutesAfterTheLastSession() {
    connect();
    network.advance(540 * SECOND - 1);
    assertThat(alice.shard().state().keySlab().inUse()).isEqualTo(2);
    assertThat(bob.shard().state().keySlab().inUse()).isEqualTo(2);
    network.advance(1);
    for (TestNode node : List.of(alice, bob)) {
      assertThat(node.shard().state().keySlab().inUse()).isZero();
      assertThat(node.shard().state().indices().size()).isZero();
      assertThat(node.shard().nextDeadlineNs()).isEqualTo(PeerTimers.NEVER);
    }
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).hasSize(2);
  }

  @Test
  void shouldSendAtOnceWhenItBeginsToKeepAlive() {
    connect();
    network.advance(50 * SECOND);
    int before = keepaliveTimes(alice).size();
    alice.shard().setKeepalive(toBob, 25, network.nowNs());
    assertThat(keepaliveTimes(alice)).hasSize(before + 1);
    alice.shard().setKeepalive(toBob, 20, network.nowNs());
    assertThat(keepaliveTimes(alice)).as("only from 0").hasSize(before + 1);
  }

  @Test
  void shouldKeepAliveInItsIntervalAndStop() {
    alice.shard().setKeepalive(toBob, 25, network.nowNs());
    network.advance(60 * SECOND);
    assertThat(keepaliveTimes(alice)).containsExactly(0L, 25 * SECOND, 50 * SECOND);
    network.advance(5 * SECOND);
    alice.send(toBob, PACKET); // and bob answers with a passive keepalive after 10 s
    network.advance(50 * SECOND);
    assertThat(keepaliveTimes(alice)).containsExactly(0L, 25 * SECOND, 50 * SECOND, 100 * SECOND);
    alice.shard().setKeepalive(toBob, 0, network.nowNs());
    network.advance(200 * SECOND);
    assertThat(keepaliveTimes(alice)).hasSize(4);
  }

  @Test
  void shouldKeepATunnelUpForEverByKeepalives() {
    alice.shard().setKeepalive(toBob, 25, network.nowNs());
    network.advance(3_600 * SECOND);
    assertThat(current(toBob).maySend(network.nowNs())).isTrue();
    assertThat(network.initiationsOf(alice)).isBetween(24, 30);
  }

  @Test
  void shouldFindThePeerAgainByKeepalives() {
    alice.shard().setKeepalive(toBob, 25, network.nowNs());
    network.advance(SECOND);
    network.lose(datagram -> true);
    network.advance(3_600 * SECOND);
    network.loseNothing();
    network.advance(30 * SECOND);
    assertThat(current(toBob).maySend(network.nowNs())).isTrue();
  }

  @Test
  void shouldFollowAPeerThatMovedByItsDataAndHandshakes() {
    connect();
    network.move(alice, TestNetwork.place(101));
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toAlice.endpoint()).isEqualTo(TestNetwork.place(101));

    network.move(alice, TestNetwork.place(102));
    network.advance(200 * SECOND);
    alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    network.settle();
    assertThat(toAlice.endpoint()).isEqualTo(TestNetwork.place(102));

    Endpoint elsewhere = TestNetwork.place(103);
    network.lose(datagram -> datagram.type() == Messages.RESPONSE);
    network.advance(6 * SECOND);
    alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    network.settle();
    network.deliver(last(bob, Messages.RESPONSE).from(elsewhere));
    network.settle();
    assertThat(toBob.endpoint()).as("by a response").isEqualTo(elsewhere);
  }

  @Test
  void shouldNotFollowDamagedReplayedOrForgedMessages() {
    connect();
    Endpoint attacker = TestNetwork.place(66);
    TestNetwork.Datagram data = last(alice, Messages.TRANSPORT);
    network.deliver(data.from(attacker));
    network.deliver(data.damaged(20).from(attacker));
    network.deliver(data.damaged(8).from(attacker));
    network.deliver(last(alice, Messages.INITIATION).from(attacker));
    network.deliver(last(alice, Messages.INITIATION).damaged(100).from(attacker));
    network.settle();
    assertThat(toAlice.endpoint()).isEqualTo(alice.place());
    assertThat(bob.drops(DropReason.REPLAYED)).isEqualTo(1);
    assertThat(bob.drops(DropReason.NOT_AUTHENTIC)).isEqualTo(2);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldNotTouchTimersForWhatIsNotAuthentic() {
    connect();
    network.advance(300 * SECOND);
    long deadlineNs = bob.shard().nextDeadlineNs();
    TestNetwork.Datagram data = last(alice, Messages.TRANSPORT);
    network.deliver(data);
    network.deliver(last(alice, Messages.INITIATION).damaged(100));
    network.settle();
    assertThat(bob.shard().nextDeadlineNs()).isEqualTo(deadlineNs);
  }

  @Test
  void shouldSurviveLossDelayAndHandshakesOfBothSidesForAnHour() {
    // Every third message is lost; both send now and then.
    int[] count = new int[1];
    network.lose(datagram -> count[0]++ % 3 == 2);
    for (int i = 0; i < 720; i++) {
      alice.send(toBob, PACKET);
      if (i % 7 == 0) {
        bob.send(toAlice, PACKET);
      }
      network.advance(5 * SECOND + i % 11 * MS);
    }
    assertThat(bob.delivered().size()).isGreaterThan(300);
    assertThat(alice.delivered().size()).isGreaterThan(30);
    assertThat(alice.shard().state().keySlab().inUse()).isLessThanOrEqualTo(6);
    assertThat(bob.shard().state().keySlab().inUse()).isLessThanOrEqualTo(6);
  }
}
