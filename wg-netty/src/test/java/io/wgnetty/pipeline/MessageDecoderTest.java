package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Session;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Protocol 4.1 steps 1 to 4. */
class MessageDecoderTest extends ChainTest {
  private final EmbeddedChannel stage =
      new EmbeddedChannel(
          new MessageDecoder(
              bob.shard(), bob.handshakes(), bob::nowNs, LoopExchange.NONE, bob.pool()));

  private TunnelBatch decode(byte[]... datagrams) {
    TunnelBatch batch = bob.batch(datagrams);
    for (int i = 0; i < batch.size(); i++) {
      batch.setSource(i, alice.place());
    }
    stage.writeInbound(batch);
    TunnelBatch decoded = stage.readInbound();
    assertThat(decoded).isSameAs(batch);
    return decoded;
  }

  private void assertDropped(byte[] datagram, DropReason reason) {
    TunnelBatch batch = decode(datagram);
    assertThat(batch.isLive(0)).isFalse();
    assertThat(batch.length(0)).isZero();
    assertThat(batch.reason(0)).isEqualTo(reason);
    batch.release();
    assertThat(bob.jobs()).isEmpty();
    assertThat(bob.sent()).isEmpty();
  }

  private static byte[] message(int type, int length) {
    byte[] message = new byte[length];
    if (length > 0) {
      message[0] = (byte) type;
    }
    return message;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void shouldDropWhatHasNoTypeWord(int length) {
    for (int type = 0; type <= 4; type++) {
      assertDropped(message(type, length), DropReason.MALFORMED_MESSAGE);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 6, 0x7f, 0x80, 0xff})
  void shouldDropUnknownTypes(int type) {
    for (int length : new int[] {4, 32, 64, 92, 148, 149, 1452, 65_000}) {
      assertDropped(message(type, length), DropReason.MALFORMED_MESSAGE);
    }
  }

  @Test
  void shouldDropEveryWrongLengthOfHandshakeMessages() {
    int[] right = {0, 148, 92, 64};
    for (int type = 1; type <= 3; type++) {
      for (int length = 4; length < 200; length++) {
        if (length != right[type]) {
          assertDropped(message(type, length), DropReason.MALFORMED_MESSAGE);
        }
      }
      assertDropped(message(type, 60_000), DropReason.MALFORMED_MESSAGE);
    }
  }

  @Test
  void shouldDropReservedBytesThatAreNotZero() {
    int[] lengths = {0, 148, 92, 64, 32};
    for (int type = 1; type <= 4; type++) {
      for (int reserved = 1; reserved <= 3; reserved++) {
        byte[] message = message(type, lengths[type]);
        message[reserved] = (byte) 0x80;
        assertDropped(message, DropReason.MALFORMED_MESSAGE);
      }
    }
  }

  @Test
  void shouldDropTransportMessagesShorterThanAKeepalive() {
    for (int length = 4; length < 32; length++) {
      assertDropped(message(4, length), DropReason.MALFORMED_MESSAGE);
    }
    assertDropped(message(4, 32), DropReason.UNKNOWN_INDEX);
  }

  @Test
  void shouldFindSessionAndCounterOfTransportMessages() {
    connect();
    List<byte[]> datagrams = sealed(Packets.ipv4(ALICE, BOB, 100), Packets.ipv4(ALICE, BOB, 40));
    TunnelBatch batch = decode(datagrams.toArray(byte[][]::new));
    for (int i = 0; i < 2; i++) {
      assertThat(batch.isLive(i)).isTrue();
      assertThat(batch.session(i)).isSameAs(session(toAlice));
      assertThat(batch.counter(i)).isEqualTo(i + 1);
      assertThat(batch.length(i)).isEqualTo(datagrams.get(i).length);
    }
    batch.release();
  }

  @Test
  void shouldDropAnIndexThatIsOnlyAHandshakes() {
    bob.send(Packets.ipv4(BOB, ALICE, 40));
    bob.work();
    byte[] initiation = fetch(bob).getFirst();
    byte[] message = message(4, 32);
    System.arraycopy(initiation, 4, message, 4, 4);
    assertDropped(message, DropReason.UNKNOWN_INDEX);
  }

  @Test
  void shouldDropTransportMessagesOfAnExpiredSession() {
    connect();
    byte[] datagram = sealed(Packets.ipv4(ALICE, BOB, 40)).getFirst();
    bob.passTime(ChainNode.seconds(180) - 1);
    fetch(bob);
    TunnelBatch batch = decode(datagram);
    assertThat(batch.isLive(0)).isTrue();
    batch.release();
    bob.passTime(1);
    fetch(bob);
    bob.jobs().clear();
    assertDropped(datagram, DropReason.SESSION_EXPIRED);
  }

  @Test
  void shouldDropCountersBeyondTheLimit() {
    connect();
    byte[] datagram = sealed(Packets.ipv4(ALICE, BOB, 40)).getFirst();
    putCounter(datagram, Session.REJECT_AFTER_MESSAGES);
    assertDropped(datagram, DropReason.SESSION_EXPIRED);
    putCounter(datagram, -1);
    assertDropped(datagram, DropReason.SESSION_EXPIRED);
    putCounter(datagram, Session.REJECT_AFTER_MESSAGES - 1);
    TunnelBatch batch = decode(datagram);
    assertThat(batch.isLive(0)).isTrue();
    batch.release();
  }

  private static void putCounter(byte[] datagram, long counter) {
    for (int i = 0; i < 8; i++) {
      datagram[8 + i] = (byte) (counter >>> (8 * i));
    }
  }

  @Test
  void shouldTakeHandshakeMessagesOutOfTheBatchAndLeaveTheRest() {
    connect();
    byte[] data = sealed(Packets.ipv4(ALICE, BOB, 40)).getFirst();
    ChainNode carol = join(3);
    carol.send(Packets.ipv4(3, ALICE, 40));
    carol.work();
    // An initiation to alice, whose mac1 is wrong for bob.
    byte[] foreign = fetch(carol).getFirst();
    alice.passTime(ChainNode.seconds(121));
    alice.send(Packets.ipv4(ALICE, BOB, 40));
    alice.work();
    byte[] initiation =
        fetch(alice).stream().filter(message -> message[0] == 1).findFirst().orElseThrow();
    TunnelBatch batch = decode(data, foreign, initiation, data);
    assertThat(batch.isLive(0)).isTrue();
    assertThat(batch.reason(1)).isEqualTo(DropReason.BAD_MAC1);
    assertThat(batch.isLive(2)).isFalse();
    assertThat(batch.reason(2)).as("it was not dropped").isNull();
    assertThat(batch.isLive(3)).isTrue();
    assertThat(bob.jobs()).hasSize(1);
    bob.jobs().clear();
    batch.release();
  }

  @Test
  void shouldSayWhyThereIsNoPrivateKey() {
    bob.handshakes().setAdmission(null);
    assertDropped(message(1, 148), DropReason.NO_PRIVATE_KEY);
    assertDropped(message(2, 92), DropReason.NO_PRIVATE_KEY);
  }

  @Test
  void shouldComputeNothingForAnInitiationThatNoWorkerCouldTake() {
    bob.fillWorkers(true);
    assertDropped(message(1, 148), DropReason.HANDSHAKE_QUEUE_FULL);
    bob.fillWorkers(false);
    assertDropped(message(1, 148), DropReason.BAD_MAC1);
  }

  @Test
  void shouldComputeNothingForAResponseThatAnswersNothing() {
    TunnelBatch batch = decode(message(2, 92)); // its mac1 would be wrong as well
    assertThat(batch.reason(0)).isNull();
    batch.release();
    assertThat(bob.drops(DropReason.HANDSHAKE_UNEXPECTED)).isEqualTo(1);
    assertThat(bob.drops(DropReason.BAD_MAC1)).isZero();
  }

  @Test
  void shouldAskForACookieUnderLoad() {
    bob.exhaustStrangers();
    alice.send(Packets.ipv4(ALICE, BOB, 40));
    alice.work();
    byte[] initiation = fetch(alice).getFirst();
    TunnelBatch batch = decode(initiation);
    assertThat(batch.reason(0)).isEqualTo(DropReason.COOKIE_REQUIRED);
    batch.release();
    assertThat(bob.jobs()).isEmpty();
    ChainNode.Sent reply = bob.sent().remove();
    assertThat(reply.destination()).isEqualTo(alice.place());
    assertThat(reply.bytes()).hasSize(64);
    assertThat(Arrays.copyOf(reply.bytes(), 4)).containsExactly(3, 0, 0, 0);
    assertThat(Arrays.copyOfRange(reply.bytes(), 4, 8))
        .isEqualTo(Arrays.copyOfRange(initiation, 4, 8));
  }

  @Test
  void shouldCountCookiesThatAnswerNothing() {
    TunnelBatch batch = decode(message(3, 64));
    assertThat(batch.isLive(0)).isFalse();
    batch.release();
    assertThat(bob.drops(DropReason.HANDSHAKE_UNEXPECTED)).isEqualTo(1);
  }
}
