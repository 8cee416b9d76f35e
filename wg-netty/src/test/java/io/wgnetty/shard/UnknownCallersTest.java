package io.wgnetty.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Callers that are no peers yet: heard of, kept, and answered when they are. */
class UnknownCallersTest extends PairTest {
  private record Call(PublicKey key, InitiationMessage message, Endpoint source) {}

  private final List<Call> calls = new ArrayList<>();

  private void listen(boolean keep) {
    bob.shard()
        .state()
        .directory()
        .setCallers((key, message, source) -> calls.add(new Call(key, message, source)) && keep);
  }

  @Test
  void shouldAnswerTheVeryInitiationWhenItsSenderIsAPeer() {
    bob.forget(toAlice);
    listen(true);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(calls).hasSize(1);
    assertThat(calls.getFirst().key()).isEqualTo(alice.identity().publicKey());
    assertThat(bob.drops(DropReason.HANDSHAKE_INVALID)).isZero();

    Peer peer = bob.meet(alice.identity().publicKey());
    bob.shard()
        .handshakes()
        .received(calls.getFirst().message(), calls.getFirst().source(), network.nowNs(), null);
    network.settle();

    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsExactly(1, 2, 4);
    assertThat(bob.delivered()).containsExactly(PACKET);
    assertThat(requireNonNull(peer.endpoint()).withoutLocal()).isEqualTo(alice.place());
    assertThat(calls).hasSize(1);
  }

  @Test
  void shouldCountACallThatNobodyKeeps() {
    bob.forget(toAlice);
    listen(false);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(calls).hasSize(1);
    assertThat(bob.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
  }

  @Test
  void shouldNotTellOfPeers() {
    listen(true);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(calls).isEmpty();
    assertThat(bob.delivered()).containsExactly(PACKET);
  }
}
