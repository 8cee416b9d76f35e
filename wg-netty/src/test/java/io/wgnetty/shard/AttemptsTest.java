package io.wgnetty.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Attempts of our own that find no room with the workers. */
class AttemptsTest extends PairTest {
  private static final X25519 DH = X25519Providers.fastest();

  @Test
  void shouldSendItsOwnAttemptsOneAfterTheOtherHoweverManyThereAre() {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Peer peer = alice.meet(PrivateKey.generate(new SplittableRandom(1000 + i)).publicKey(DH));
      peer.setEndpoint(TestNetwork.place(100 + i));
      peers.add(peer);
    }
    alice.holdJobs();
    alice.roomForJobs(4);
    for (Peer peer : peers) {
      alice.shard().setKeepalive(peer, 25, network.nowNs());
      assertThat(alice.jobs()).hasSizeLessThanOrEqualTo(4);
    }
    alice.shard().remove(peers.get(50));
    assertThat(peers.get(60).handshakeAttempt()).as("none that never left").isZero();
    alice.releaseJobs();
    network.settle();
    assertThat(network.initiationsOf(alice)).as("at once, without a timer").isEqualTo(99);
    assertThat(peers.get(60).handshakeAttempt()).isEqualTo(1);
    assertThat(alice.drops(DropReason.HANDSHAKE_QUEUE_FULL)).isZero();
  }

  @Test
  void shouldForgetAttemptsThatWaitWhenTheLinkGoesDown() {
    alice.holdJobs();
    alice.roomForJobs(0);
    alice.send(toBob, PACKET);
    alice.shard().down();
    alice.roomForJobs(10);
    alice.shard().up(network.nowNs());
    assertThat(alice.jobs()).isEmpty();
    alice.send(toBob, PACKET);
    assertThat(alice.jobs()).hasSize(1);
  }
}
