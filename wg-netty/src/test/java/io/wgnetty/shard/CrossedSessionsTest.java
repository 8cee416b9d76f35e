package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.peer.HandshakeState;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Messages;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the second session when two nodes began at once, whichever of the two stays. */
class CrossedSessionsTest {
  private static final byte[] PACKET = {1, 2, 3};

  /** Keys of the session that sends, and of the one before it. */
  private static final int KEYS_IN_STEADY_STATE = 4;

  /** Two nodes that know each other; which of them has the smaller key depends on the seed. */
  private static final class Pair {
    final TestNetwork network = new TestNetwork();
    final TestNode left;
    final TestNode right;
    final Peer toRight;
    final Peer toLeft;

    Pair(int seed) {
      left = network.node(2 * seed);
      right = network.node(2 * seed + 1);
      toRight = left.meet(right);
      toLeft = right.meet(left);
    }

    void talk() {
      left.send(toRight, PACKET);
      right.send(toLeft, PACKET);
      network.settle();
    }

    void talkFor(int seconds) {
      for (int i = 0; i < seconds; i++) {
        talk();
        network.advance(SECOND);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldWipeTheSessionThatYieldedWhileTheOtherIsRenewed(int seed) {
    Pair pair = new Pair(seed);
    pair.talkFor(400);
    assertThat(pair.left.shard().state().keySlab().inUse())
        .isLessThanOrEqualTo(KEYS_IN_STEADY_STATE);
    assertThat(pair.right.shard().state().keySlab().inUse())
        .isLessThanOrEqualTo(KEYS_IN_STEADY_STATE);
    assertThat(pair.toRight.slots().next()).isNull();
    assertThat(pair.toLeft.slots().next()).isNull();
    assertThat(pair.left.delivered()).hasSize(400);
    assertThat(pair.right.delivered()).hasSize(400);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldWipeTheAnswerThatThePeerDidNotTake(int seed) {
    Pair pair = new Pair(seed);
    // Other implementations have discarded the attempt that this response belongs to.
    pair.network.lose(
        datagram ->
            datagram.type() == Messages.RESPONSE && datagram.source().equals(pair.left.place()));
    pair.talk();
    pair.network.loseNothing();
    pair.talkFor(400);
    assertThat(pair.left.shard().state().keySlab().inUse())
        .isLessThanOrEqualTo(KEYS_IN_STEADY_STATE);
    assertThat(pair.toRight.slots().next()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void shouldSayEstablishedThoughASessionYields(int seed) {
    Pair pair = new Pair(seed);
    pair.talk();
    assertThat(pair.toRight.handshakeState(pair.network.nowNs()))
        .isEqualTo(HandshakeState.ESTABLISHED);
    assertThat(pair.toLeft.handshakeState(pair.network.nowNs()))
        .isEqualTo(HandshakeState.ESTABLISHED);
  }
}
