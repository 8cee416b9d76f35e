package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeCounts;
import io.wgnetty.peer.EndpointChange;
import io.wgnetty.peer.EndpointHistory;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.StagedQueue;
import io.wgnetty.protocol.Messages;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What listeners are told of peers, and what is counted beside. */
class ShardEventsTest extends PairTest {
  private HandshakeCounts counts(TestNode node) {
    return node.shard().counters().handshakes();
  }

  @Test
  void shouldTellBothSidesOfAHandshake() {
    connect();
    assertThat(alice.events().take())
        .containsExactly("begun initiated", "completed initiated in 0 s after never, attempts 1");
    assertThat(bob.events().take())
        .containsExactly("begun answered", "completed answered in 0 s after never, attempts 0");
    assertThat(counts(alice)).isEqualTo(new HandshakeCounts(1, 1, 0, 0, 0, 0, 0, 0, 0, 0));
    assertThat(counts(bob)).isEqualTo(new HandshakeCounts(0, 0, 0, 1, 1, 0, 0, 0, 0, 0));
  }

  @Test
  void shouldTellThatASessionIsRenewed() {
    connect();
    network.advance(121 * SECOND);
    alice.events().take();
    bob.events().take();
    alice.send(toBob, PACKET); // rule 3.3(b)
    network.settle();
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(alice.events().take())
        .containsExactly(
            "begun initiated",
            "completed initiated in 0 s after 121 s, attempts 1",
            "rekeyed initiated after 121 s");
    assertThat(bob.events().take())
        .containsExactly(
            "begun answered",
            "completed answered in 0 s after 121 s, attempts 0",
            "rekeyed answered after 121 s");
  }

  @Test
  void shouldTellOfEachAttemptAndThatItGaveUp() {
    network.lose(datagram -> true);
    alice.send(toBob, PACKET);
    assertThat(toBob.handshakeState(network.nowNs())).isEqualTo(HandshakeState.INITIATING);
    network.advance(6 * SECOND);
    assertThat(toBob.handshakeAttempt()).isEqualTo(2);
    network.advance(200 * SECOND);
    List<String> told = alice.events().take();
    assertThat(told).hasSize(21).startsWith("begun initiated", "attempt 2", "attempt 3");
    assertThat(told).endsWith("attempt 20", "given up after 20");
    assertThat(counts(alice)).isEqualTo(new HandshakeCounts(1, 0, 0, 0, 0, 0, 19, 1, 0, 0));
    assertThat(toBob.handshakeState(network.nowNs())).isEqualTo(HandshakeState.NONE);
    assertThat(toBob.drops()).containsOnlyKeys(DropReason.STAGED_DROPPED);
  }

  @Test
  void shouldTellHowManyAttemptsItTook() {
    network.lose(datagram -> network.initiationsOf(alice) < 3);
    alice.send(toBob, PACKET);
    network.advance(20 * SECOND);
    assertThat(alice.events().take())
        .endsWith("completed initiated in 10 s after never, attempts 3");
  }

  @Test
  void shouldCountAHandshakeOfThePeerForOneOfOurs() {
    network.lose(datagram -> datagram.source().equals(alice.place()));
    alice.send(toBob, PACKET);
    network.settle();
    network.loseNothing();
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(alice.events().take())
        .containsExactly(
            "begun initiated",
            "begun answered",
            "completed answered in 0 s after never, attempts 0");
    assertThat(toBob.handshakeState(network.nowNs())).isEqualTo(HandshakeState.ESTABLISHED);
  }

  @Test
  void shouldTellWhereAPeerWentAndRememberWhereItWas() {
    connect();
    network.advance(SECOND);
    bob.events().take();
    for (int place = 3; place < 13; place++) {
      network.move(alice, TestNetwork.place(place));
      alice.send(toBob, PACKET);
      network.settle();
    }
    List<String> told = bob.events().take();
    assertThat(told).hasSize(10).startsWith("roamed from 192.0.2.1:51820 to 192.0.2.3:51820");
    assertThat(toAlice.endpointChanges()).isEqualTo(10);
    List<EndpointChange> recent = toAlice.recentEndpoints();
    assertThat(recent).hasSize(EndpointHistory.KEPT + 1);
    assertThat(recent.getLast().endpoint()).isEqualTo(TestNetwork.place(12));
    assertThat(recent.getFirst().endpoint()).isEqualTo(TestNetwork.place(5));
    assertThat(recent.getLast().epochNs()).isEqualTo(1_800_000_001L * SECOND);
  }

  @Test
  void shouldNotCallItRoamingWhenOnlyOurAddressChanges() {
    connect();
    network.callAt(StickySourceTest.OTHER);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.events().take()).noneMatch(line -> line.startsWith("roamed"));
    assertThat(toAlice.endpointChanges()).isZero();
  }

  @Test
  void shouldTellWhyAHandshakeFailed() {
    bob.forget(toAlice);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.events().take())
        .containsExactly("failed answered handshake-invalid from 192.0.2.1:51820");
    assertThat(counts(bob).answeredFailed()).isEqualTo(1);
  }

  @Test
  void shouldCountAReplayedInitiationForItsPeer() {
    connect();
    bob.events().take();
    network.deliver(last(alice, Messages.INITIATION));
    network.settle();
    assertThat(bob.events().take())
        .containsExactly("failed answered handshake-replayed from 192.0.2.1:51820");
    assertThat(toAlice.drops()).containsEntry(DropReason.HANDSHAKE_REPLAYED, 1L).hasSize(1);
  }

  @Test
  void shouldTellOfCookiesThatCame() {
    bob.exhaustStrangers();
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(alice.events().take()).containsExactly("begun initiated", "cookie received");
    assertThat(counts(alice).cookiesReceived()).isEqualTo(1);
  }

  @Test
  void shouldTellThatSessionsAreGone() {
    connect();
    alice.events().take();
    network.lose(datagram -> true);
    network.advance(541 * SECOND);
    assertThat(alice.events().take()).endsWith("expired");
    assertThat(toBob.handshakeState(network.nowNs())).isEqualTo(HandshakeState.EXPIRED);
  }

  @Test
  void shouldSayHowFarAHandshakeIsAtWhoAnswers() {
    network.lose(datagram -> datagram.type() == Messages.TRANSPORT);
    assertThat(toAlice.handshakeState(0)).isEqualTo(HandshakeState.NONE);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(toAlice.handshakeState(network.nowNs())).isEqualTo(HandshakeState.ANSWERING);
    assertThat(toBob.handshakeState(network.nowNs())).isEqualTo(HandshakeState.ESTABLISHED);
  }

  @Test
  void shouldKnowHowManyPacketsWaitInAll() {
    network.lose(datagram -> true);
    PeerShard shard = alice.shard();
    for (int i = 0; i < StagedQueue.LIMIT + 3; i++) {
      alice.send(toBob, PACKET);
    }
    assertThat(shard.stagedMemory().packets()).isEqualTo(StagedQueue.LIMIT);
    assertThat(toBob.drops()).containsEntry(DropReason.STAGED_DROPPED, 3L);
    network.loseNothing();
    network.advance(10 * SECOND);
    assertThat(shard.stagedMemory().packets()).isZero();
    network.lose(datagram -> true);
    network.advance(200 * SECOND);
    alice.send(toBob, PACKET);
    assertThat(shard.stagedMemory().packets()).isEqualTo(1);
    alice.forget(toBob);
    assertThat(shard.stagedMemory().packets()).isZero();
  }

  @Test
  void shouldKnowWhenAPeerWasLastHeard() {
    assertThat(toBob.heardNs()).isEqualTo(Peer.NEVER_HEARD);
    network.advance(3 * SECOND);
    connect();
    assertThat(toBob.heardNs()).isEqualTo(network.nowNs());
    assertThat(toAlice.heardNs()).isEqualTo(network.nowNs());
  }
}
