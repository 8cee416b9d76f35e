package io.wgnetty.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.peer.Peer;
import org.junit.jupiter.api.Test;

/** Other nodes have the same peers: what they accepted, and peers that have gone to them. */
class KnownStampsTest extends PairTest {
  @Test
  void shouldRefuseAnInitiationThatAnotherNodeMayHaveAccepted() {
    byte[] later = Tai64n.whitened(2_000_000_000L * 1_000_000_000L);
    bob.shard()
        .state()
        .directory()
        .setStamps((key, timestamp) -> Tai64n.compare(timestamp, later) > 0);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsOnly(1);
    assertThat(bob.drops(DropReason.HANDSHAKE_REPLAYED)).isEqualTo(1);
    assertThat(toAlice.handshake().greatestTimestamp()).as("nothing was accepted").isNull();

    bob.shard().state().directory().setStamps((key, timestamp) -> true);
    network.advance(6_000_000_000L);
    network.settle();
    assertThat(bob.delivered()).containsExactly(PACKET);
  }

  @Test
  void shouldForgetAPeerThatIsAtAnotherNodeAndTakeItAgainWhenItCalls() {
    alice.send(toBob, PACKET);
    network.settle();
    Peer peer = toAlice;
    assertThat(peer.endpoint()).isNotNull();
    byte[] greatest = peer.handshake().greatestTimestamp();

    bob.shard().leave(peer);

    assertThat(peer.endpoint()).isNull();
    assertThat(peer.currentSession()).isNull();
    assertThat(bob.shard().state().indices().size()).isZero();
    assertThat(peer.handshake().greatestTimestamp()).as("no replay later").isEqualTo(greatest);
    network.advance(1_000_000_000L);
    alice.shard().forgetSessions(network.nowNs());
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).containsExactly(PACKET, PACKET);
  }
}
