package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.MS;
import static io.wgnetty.shard.TestNetwork.SECOND;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.StagedQueue;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When handshakes begin, go on and end (protocol 2, 3.1, 3.3, 3.5). */
class HandshakesTest extends PairTest {
  private static final long MAX_JITTER = Timings.STANDARD.maxJitterNs();

  private void loseAll() {
    network.lose(datagram -> true);
  }

  @Test
  void shouldGiveBothSidesASessionInOneRoundTrip() {
    alice.send(toBob, PACKET);
    network.settle();

    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsExactly(1, 2, 4);
    assertThat(bob.delivered()).containsExactly(PACKET);
    assertThat(current(toBob).localIndex()).isEqualTo(current(toAlice).remoteIndex());
    assertThat(current(toBob).remoteIndex()).isEqualTo(current(toAlice).localIndex());
    assertThat(toBob.staged().isEmpty()).isTrue();
    assertThat(toAlice.slots().next()).isNull();
    assertThat(alice.shard().state().indices().size()).isEqualTo(1);
    assertThat(bob.shard().state().indices().size()).isEqualTo(1);
  }

  @Test
  void shouldConfirmWithAKeepaliveWhenNothingWaits() {
    alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    network.settle();
    assertThat(network.log()).hasSize(3);
    assertThat(network.log().getLast().isKeepalive()).isTrue();
    assertThat(current(toAlice).isInitiator()).isFalse();
    assertThat(bob.delivered()).isEmpty();
  }

  @Test
  void shouldNotSendOnAnUnconfirmedSession() {
    network.lose(datagram -> datagram.type() == Messages.TRANSPORT);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toAlice.slots().next()).isNotNull();
    assertThat(toAlice.slots().current()).isNull();
    assertThat(toAlice.lastHandshakeEpochNs()).isZero();

    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.sentBy(bob, Messages.TRANSPORT)).isEmpty();
    assertThat(toAlice.staged().size()).isEqualTo(1);

    network.loseNothing();
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(alice.delivered()).as("the flush at the confirmation").hasSize(1);
    assertThat(toAlice.lastHandshakeEpochNs()).isPositive();
  }

  @Test
  void shouldCountBytesOfHandshakesOnBothSides() {
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toBob.sentBytes()).isEqualTo(148 + 32 + PACKET.length);
    assertThat(toBob.receivedBytes()).isEqualTo(92);
    assertThat(toAlice.sentBytes()).isEqualTo(92);
    assertThat(toAlice.receivedBytes()).as("data is counted by the chain").isEqualTo(148);
  }

  @Test
  void shouldRecordTheTimeOfTheHandshakeAtBothSides() {
    network.advance(7 * SECOND);
    connect();
    assertThat(toBob.lastHandshakeEpochNs()).isEqualTo(1_800_000_007L * SECOND);
    assertThat(toAlice.lastHandshakeEpochNs()).isEqualTo(1_800_000_007L * SECOND);
  }

  @Test
  void shouldSendTwentyInitiationsAndGiveUp() {
    loseAll();
    alice.send(toBob, PACKET);
    alice.send(toBob, PACKET);
    network.advance(600 * SECOND);

    List<TestNetwork.Datagram> sent = network.sentBy(alice, Messages.INITIATION);
    assertThat(sent).hasSize(20);
    for (int i = 1; i < sent.size(); i++) {
      assertThat(sent.get(i).timeNs() - sent.get(i - 1).timeNs())
          .isBetween(5 * SECOND, 5 * SECOND + MAX_JITTER);
    }
    assertThat(network.log()).hasSize(20);
    assertThat(toBob.staged().isEmpty()).isTrue();
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isEqualTo(2);
  }

  @Test
  void shouldBeginAgainAfterGivingUpWhenThereIsNewTraffic() {
    loseAll();
    alice.send(toBob, PACKET);
    network.advance(200 * SECOND);
    network.loseNothing();
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldForgetTheUnansweredHandshakeInTheEnd() {
    loseAll();
    alice.send(toBob, PACKET);
    network.advance(120 * SECOND);
    network.advance(540 * SECOND);
    assertThat(alice.shard().state().indices().size()).isZero();
    assertThat(toBob.handshake().initiating()).isNull();
  }

  @Test
  void shouldGoOnTryingWhileThereIsNewTraffic() {
    loseAll();
    for (int second = 0; second < 300; second++) {
      alice.send(toBob, PACKET);
      network.advance(SECOND);
    }
    assertThat(network.initiationsOf(alice)).isBetween(56, 60);
    assertThat(toBob.staged().size()).isEqualTo(StagedQueue.LIMIT);
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isEqualTo(300 - 128);
  }

  @Test
  void shouldNotInitiateWithinFiveSecondsOfAnInitiation() {
    loseAll();
    alice.send(toBob, PACKET);
    for (int i = 0; i < 49; i++) {
      network.advance(100 * MS);
      alice.send(toBob, PACKET);
      alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    }
    network.settle();
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
  }

  @Test
  void shouldNotInitiateWithinFiveSecondsOfAResponse() {
    network.lose(datagram -> datagram.type() != Messages.INITIATION);
    alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    network.settle();
    alice.shard().down();
    assertThat(responsesOf(bob)).isEqualTo(1);
    bob.send(toAlice, PACKET);
    network.advance(5 * SECOND - 1);
    assertThat(network.initiationsOf(bob)).isZero();
    network.advance(MAX_JITTER + 1);
    assertThat(network.initiationsOf(bob)).as("the gate arms the timer again").isEqualTo(1);
  }

  @Test
  void shouldEndASimultaneousOpenInOneRoundTripWithOneSession() {
    for (int seed = 1; seed <= 30; seed++) {
      TestNetwork crossing = new TestNetwork();
      TestNode left = crossing.node(2 * seed);
      TestNode right = crossing.node(2 * seed + 1);
      Peer toRight = left.meet(right);
      Peer toLeft = right.meet(left);
      left.send(toRight, PACKET);
      right.send(toLeft, PACKET);
      crossing.settle();
      assertThat(left.delivered()).as("seed %d", seed).containsExactly(PACKET);
      assertThat(right.delivered()).as("seed %d", seed).containsExactly(PACKET);
      left.send(toRight, PACKET);
      right.send(toLeft, PACKET);
      crossing.settle();
      assertThat(left.delivered()).as("seed %d", seed).hasSize(2);
      assertThat(right.delivered()).as("seed %d", seed).hasSize(2);
      Session leftsChoice = current(toRight);
      Session rightsChoice = current(toLeft);
      assertThat(leftsChoice.remoteIndex()).isEqualTo(rightsChoice.localIndex());
      assertThat(leftsChoice.isInitiator())
          .as("one renews it")
          .isNotEqualTo(rightsChoice.isInitiator());
    }
  }

  @Test
  void shouldRefuseAReplayedInitiation() {
    connect();
    TestNetwork.Datagram initiation = last(alice, Messages.INITIATION);
    Session before = current(toAlice);
    long receivedBefore = toAlice.receivedBytes();
    network.advance(SECOND);
    network.deliver(initiation.from(TestNetwork.place(77)));
    network.settle();
    assertThat(bob.drops(DropReason.HANDSHAKE_REPLAYED)).isEqualTo(1);
    assertThat(responsesOf(bob)).isEqualTo(1);
    assertThat(toAlice.slots().current()).isSameAs(before);
    assertThat(toAlice.slots().next()).isNull();
    assertThat(toAlice.endpoint()).isEqualTo(alice.place());
    assertThat(toAlice.receivedBytes()).isEqualTo(receivedBefore);
  }

  @Test
  void shouldRememberTheTimestampBeyondSessionsAndDowns() {
    connect();
    TestNetwork.Datagram initiation = last(alice, Messages.INITIATION);
    network.advance(700 * SECOND);
    bob.shard().down();
    bob.shard().up(network.nowNs());
    bob.shard().setIdentity(bob.identity());
    network.deliver(initiation);
    network.settle();
    assertThat(bob.drops(DropReason.HANDSHAKE_REPLAYED)).isEqualTo(1);
    assertThat(responsesOf(bob)).isEqualTo(1);
  }

  @Test
  void shouldInitiateWithNewStampsAfterItsClockWentBack() {
    connect();
    network.advance(200 * SECOND);
    alice.shiftWallClock(-3_600 * SECOND);
    alice.send(toBob, PACKET);
    network.advance(SECOND);
    assertThat(responsesOf(bob)).isEqualTo(2);
    assertThat(bob.drops(DropReason.HANDSHAKE_REPLAYED)).isZero();
  }

  /** An initiation of alice's with a timestamp of our choice. */
  private InitiationMessage initiation(long epochNs) {
    InitiatorHandshake handshake =
        requireNonNull(
            InitiatorHandshake.create(
                alice.crypto(),
                alice.identity(),
                new RemoteIdentity(bob.identity().publicKey()),
                Tai64n.whitened(epochNs),
                4711));
    return (InitiationMessage) requireNonNull(HandshakeMessage.parse(handshake.message()));
  }

  @Test
  void shouldRefuseEqualAndOlderTimestamps() {
    bob.shard()
        .handshakes()
        .received(initiation(100 * SECOND), alice.place(), network.nowNs(), null);
    network.advance(SECOND);
    bob.shard()
        .handshakes()
        .received(initiation(100 * SECOND), alice.place(), network.nowNs(), null);
    bob.shard()
        .handshakes()
        .received(initiation(99 * SECOND), alice.place(), network.nowNs(), null);
    network.advance(SECOND);
    assertThat(bob.drops(DropReason.HANDSHAKE_REPLAYED)).isEqualTo(2);
    assertThat(responsesOf(bob)).isEqualTo(1);
    bob.shard()
        .handshakes()
        .received(initiation(100 * SECOND + 20 * MS), alice.place(), network.nowNs(), null);
    network.settle();
    assertThat(responsesOf(bob)).isEqualTo(2);
  }

  @Test
  void shouldAcceptFiftyInitiationsASecond() {
    for (int i = 0; i < 60; i++) {
      bob.shard()
          .handshakes()
          .received(initiation((100 + i) * SECOND), alice.place(), network.nowNs(), null);
      network.settle();
    }
    assertThat(responsesOf(bob)).isEqualTo(50);
    assertThat(bob.drops(DropReason.HANDSHAKE_TOO_SOON)).isEqualTo(10);
    network.advance(20 * MS - 1);
    bob.shard()
        .handshakes()
        .received(initiation(200 * SECOND), alice.place(), network.nowNs(), null);
    network.settle();
    assertThat(bob.drops(DropReason.HANDSHAKE_TOO_SOON)).isEqualTo(11);
    network.advance(1);
    bob.shard()
        .handshakes()
        .received(initiation(200 * SECOND), alice.place(), network.nowNs(), null);
    network.settle();
    assertThat(responsesOf(bob)).as("a refused one is not remembered").isEqualTo(51);
    for (int i = 0; i < 100; i++) {
      network.advance(20 * MS);
      bob.shard()
          .handshakes()
          .received(initiation((300 + i) * SECOND), alice.place(), network.nowNs(), null);
      network.settle();
    }
    assertThat(responsesOf(bob)).isEqualTo(151);
  }

  @Test
  void shouldAnswerTheNewestOfManyThatCameTogether() {
    network.lose(datagram -> datagram.type() == Messages.INITIATION);
    alice.send(toBob, PACKET);
    network.advance(60 * SECOND);
    List<TestNetwork.Datagram> waiting = network.sentBy(alice, Messages.INITIATION);
    assertThat(waiting).hasSizeGreaterThan(10);
    network.loseNothing();
    waiting.forEach(network::deliver); // bob stood still meanwhile
    network.settle();
    assertThat(bob.delivered()).containsExactly(PACKET);
  }

  @Test
  void shouldCallAtOnceWhereConfigurationSaysThatThePeerIs() {
    network.move(bob, TestNetwork.place(50));
    alice.send(toBob, PACKET);
    network.settle();
    network.advance(SECOND);
    assertThat(bob.delivered()).isEmpty();
    alice.shard().handshakes().setEndpoint(toBob, bob.place(), network.nowNs());
    network.settle();
    assertThat(bob.delivered()).containsExactly(PACKET);
    int sent = network.initiationsOf(alice);
    alice.shard().handshakes().setEndpoint(toBob, bob.place(), network.nowNs());
    network.settle();
    assertThat(network.initiationsOf(alice)).as("the same again changes nothing").isEqualTo(sent);
  }

  @Test
  void shouldKeepOneUnconfirmedSessionHoweverOftenAnInitiationComes() {
    for (int i = 0; i < 20; i++) {
      bob.shard()
          .handshakes()
          .received(initiation((100 + i) * SECOND), alice.place(), network.nowNs(), null);
      network.advance(20 * MS);
    }
    assertThat(responsesOf(bob)).isEqualTo(20);
    assertThat(bob.shard().state().keySlab().inUse()).isEqualTo(2);
    assertThat(bob.shard().state().indices().size()).isEqualTo(1);
  }

  @Test
  void shouldDropTheAnswerToAnEarlierAttempt() {
    network.lose(datagram -> datagram.type() == Messages.RESPONSE);
    alice.send(toBob, PACKET);
    network.settle();
    TestNetwork.Datagram late = last(bob, Messages.RESPONSE);
    network.advance(5 * SECOND + MAX_JITTER);
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
    network.deliver(late);
    network.settle();
    assertThat(alice.drops(DropReason.HANDSHAKE_UNEXPECTED)).isEqualTo(1);
    assertThat(toBob.slots().current()).isNull();

    network.deliver(last(bob, Messages.RESPONSE));
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldDropTheAnswerThatIsBeingComputedWhenTheAttemptStartsAgain() {
    alice.send(toBob, PACKET);
    alice.work();
    alice.holdJobs();
    network.settle();
    assertThat(alice.jobs()).as("the response waits for a worker").hasSize(1);
    network.advance(6 * SECOND);
    assertThat(alice.jobs()).hasSize(2);
    alice.releaseJobs();
    network.lose(datagram -> datagram.type() == Messages.INITIATION);
    network.settle();
    assertThat(toBob.slots().current()).isNull();
    network.loseNothing();
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 12, 43, 44, 59})
  void shouldGoOnWithTheAttemptAfterAForgedResponse(int offset) {
    network.lose(datagram -> datagram.type() == Messages.RESPONSE);
    alice.send(toBob, PACKET);
    network.settle();
    TestNetwork.Datagram genuine = last(bob, Messages.RESPONSE);
    if (offset != 4) {
      network.deliver(genuine.damaged(offset).from(TestNetwork.place(66)));
      network.settle();
      assertThat(alice.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
      assertThat(toBob.slots().current()).isNull();
      assertThat(toBob.endpoint()).as("nobody roams by a forgery").isEqualTo(bob.place());
    }
    network.deliver(genuine);
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldUseAResponseOnce() {
    connect();
    Session before = current(toBob);
    network.deliver(last(bob, Messages.RESPONSE));
    network.settle();
    assertThat(toBob.slots().current()).isSameAs(before);
    assertThat(alice.drops(DropReason.HANDSHAKE_UNEXPECTED)).isEqualTo(1);
  }

  @Test
  void shouldUseAResponseOnceWhenItComesTwiceAtATime() {
    network.lose(datagram -> datagram.type() == Messages.RESPONSE);
    alice.send(toBob, PACKET);
    network.settle();
    alice.holdJobs();
    network.deliver(last(bob, Messages.RESPONSE));
    network.deliver(last(bob, Messages.RESPONSE));
    assertThat(alice.jobs()).hasSize(2);
    alice.releaseJobs();
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
    assertThat(alice.shard().state().keySlab().inUse()).isEqualTo(2);
  }

  @Test
  void shouldIgnoreResponsesToNothing() {
    connect();
    byte[] stray = last(bob, Messages.RESPONSE).bytes().clone();
    // A session's index is no handshake's.
    network.deliver(new TestNetwork.Datagram(0, bob.place(), alice.place(), stray));
    stray[8] ^= 1;
    network.deliver(new TestNetwork.Datagram(0, bob.place(), alice.place(), stray));
    network.settle();
    assertThat(alice.drops(DropReason.HANDSHAKE_UNEXPECTED)).isEqualTo(2);
  }

  @Test
  void shouldAnswerAgainWhenTheResponseWasLost() {
    int[] responses = new int[1];
    network.lose(datagram -> datagram.type() == Messages.RESPONSE && responses[0]++ < 3);
    alice.send(toBob, PACKET);
    network.advance(20 * SECOND);
    assertThat(responsesOf(bob)).isEqualTo(4);
    assertThat(bob.delivered()).hasSize(1);
    assertThat(bob.shard().state().keySlab().inUse()).isEqualTo(2);
  }

  @Test
  void shouldIgnoreAStrangersInitiation() {
    TestNode stranger = network.node(3);
    Peer strangersBob = stranger.meet(bob);
    stranger.send(strangersBob, PACKET);
    network.advance(SECOND);
    assertThat(bob.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
    assertThat(network.log()).hasSize(1);
  }

  @Test
  void shouldOverwriteItsOwnAttemptWithAnIncomingInitiation() {
    network.lose(datagram -> datagram.source().equals(bob.place()));
    bob.send(toAlice, PACKET);
    network.settle();
    network.loseNothing();
    assertThat(requireNonNull(toAlice.handshake().initiating()).initiator()).isNotNull();
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(alice.delivered()).hasSize(1);
    assertThat(bob.delivered()).hasSize(1);
    assertThat(toAlice.handshake().initiating()).isNull();
    assertThat(bob.shard().state().indices().size()).isEqualTo(1);
    network.advance(8 * SECOND);
    assertThat(network.initiationsOf(bob)).as("the retransmission is cancelled").isEqualTo(1);
  }

  @Test
  void shouldKeepReceivingOnTheOldSessionAcrossARekey() {
    connect();
    network.lose(TestNetwork.Datagram::isData);
    bob.send(toAlice, PACKET);
    TestNetwork.Datagram inFlight = last(bob, Messages.TRANSPORT);
    network.loseNothing();
    network.advance(120 * SECOND);
    Session old = current(toBob);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toBob.slots().current()).isNotSameAs(old);
    assertThat(toBob.slots().previous()).isSameAs(old);
    int before = alice.delivered().size();
    network.deliver(inFlight);
    assertThat(alice.delivered()).hasSize(before + 1);
    assertThat(alice.shard().state().keySlab().inUse()).isEqualTo(4);
  }

  @Test
  void shouldHoldThreeSessionsAtMostOverManyRekeys() {
    connect();
    LongStream.range(0, 30)
        .forEach(
            i -> {
              network.advance(121 * SECOND);
              alice.send(toBob, PACKET);
              bob.send(toAlice, PACKET);
              network.settle();
              assertThat(alice.shard().state().keySlab().inUse()).isLessThanOrEqualTo(6);
              assertThat(alice.shard().state().indices().size()).isLessThanOrEqualTo(4);
              assertThat(bob.shard().state().keySlab().inUse()).isLessThanOrEqualTo(6);
            });
    assertThat(alice.delivered()).hasSize(31);
    assertThat(bob.delivered()).hasSize(31);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldRecoverFromFullWorkersByItsTimers(boolean atInitiator) {
    TestNode busy = atInitiator ? alice : bob;
    busy.refuseJobs(true);
    alice.send(toBob, PACKET);
    network.advance(12 * SECOND);
    // Our own attempts wait until there is room; only what others send is dropped.
    assertThat(busy.drops(DropReason.HANDSHAKE_QUEUE_FULL)).isEqualTo(atInitiator ? 0 : 3);
    assertThat(bob.delivered()).isEmpty();
    busy.refuseJobs(false);
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldRecoverWhenNoWorkerTakesTheResponse() {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.refuseJobs(true);
    bob.complete(opening);
    assertThat(bob.drops(DropReason.HANDSHAKE_QUEUE_FULL)).isEqualTo(1);
    assertThat(bob.shard().state().indices().size()).isZero();
    bob.refuseJobs(false);
    bob.releaseJobs();
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldRecoverWhenWorkIsLost() {
    alice.holdJobs();
    alice.send(toBob, PACKET);
    alice.jobs().clear();
    alice.releaseJobs();
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldNotInitiateWhileItsResponseIsBeingComputed() {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.complete(opening);
    assertThat(bob.jobs()).hasSize(1);
    bob.send(toAlice, PACKET);
    assertThat(bob.jobs()).as("one response, no initiation").hasSize(1);
    bob.releaseJobs();
    network.settle();
    assertThat(alice.delivered()).hasSize(1);
    assertThat(bob.delivered()).hasSize(1);
    assertThat(network.initiationsOf(bob)).isZero();
  }

  @Test
  void shouldAnswerNothingWithDiscardedWork() {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.complete(opening);
    HandshakeJob answering = bob.jobs().remove();
    answering.discard();
    answering.run(bob.crypto());
    bob.complete(answering);
    assertThat(responsesOf(bob)).isZero();
    assertThat(bob.shard().state().indices().size()).isZero();
    bob.releaseJobs();
    alice.holdJobs();
    network.advance(6 * SECOND);
    alice.jobs().remove().run(alice.crypto());
    alice.releaseJobs();
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldDeriveNoSessionFromADiscardedResponse() {
    alice.send(toBob, PACKET);
    alice.work();
    alice.holdJobs();
    network.settle();
    HandshakeJob consuming = alice.jobs().remove();
    consuming.discard();
    consuming.run(alice.crypto());
    alice.complete(consuming);
    assertThat(toBob.slots().current()).isNull();
    assertThat(alice.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
  }
}
