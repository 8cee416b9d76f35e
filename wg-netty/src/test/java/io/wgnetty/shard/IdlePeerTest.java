package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.peer.HandshakeState;
import io.wgnetty.peer.Peer;
import org.junit.jupiter.api.Test;

/** Most peers of a large node are idle: whatever is done to all peers must not make them larger. */
class IdlePeerTest {
  private final TestNetwork network = new TestNetwork();
  private final TestNode node = network.node(1);
  private final PeerShard shard = node.shard();
  private final Peer peer = node.meet(network.node(2));

  @Test
  void shouldCarryNothingWhateverAllPeersGoThrough() {
    shard.handshakes().setEndpoint(peer, TestNetwork.place(7), network.nowNs());
    shard.setKeepalive(peer, 0, network.nowNs());
    shard.configured(peer, network.nowNs());
    shard.down();
    shard.up(network.nowNs());
    shard.forgetSessions(network.nowNs());
    shard.setIdentity(node.identity());
    shard.flushAll(network.nowNs());
    shard.beginDropLocalAddresses().all(0);
    shard.state().reschedule(peer);
    shard.state().purgeStaged(peer);
    network.advance(SECOND);
    assertCarriesNothing();
  }

  @Test
  void shouldCarryNothingAfterItWasLookedAt() {
    assertThat(peer.keepaliveSeconds()).isZero();
    assertThat(peer.stagedPackets()).isZero();
    assertThat(peer.currentSession()).isNull();
    assertThat(peer.handshakeState(network.nowNs())).isEqualTo(HandshakeState.NONE);
    assertThat(peer.handshakeAttempt()).isZero();
    assertThat(peer.drops()).isEmpty();
    assertThat(peer.recentEndpoints()).hasSize(1);
    assertThat(shard.transport().sendingSession(peer, network.nowNs())).isNull();
    assertCarriesNothing();
  }

  @Test
  void shouldCarryNothingWhenRemoved() {
    shard.remove(peer);
    assertCarriesNothing();
  }

  @Test
  void shouldCarryWhatItNeedsOnceItIsSpokenTo() {
    shard.transport().stage(peer, new byte[20], network.nowNs());
    assertThat(peer.hasTimers()).isTrue();
    assertThat(peer.hasHandshake()).isTrue();
  }

  private void assertCarriesNothing() {
    assertThat(peer.hasTimers()).isFalse();
    assertThat(peer.hasSlots()).isFalse();
    assertThat(peer.hasHandshake()).isFalse();
    assertThat(peer.hasDeadline()).isFalse();
  }
}
