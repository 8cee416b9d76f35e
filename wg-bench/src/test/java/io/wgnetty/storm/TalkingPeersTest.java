package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.Messages;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TalkingPeersTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long START = 100 * SECOND;
  private static final long TRICKLE = 4 * SECOND;
  private static final long TODAY = TimeUnit.DAYS.toNanos(20_000);
  private static final int ADDRESS = Addresses.crowd(0);
  private static final int ECHO_BYTES = Messages.MIN_TRANSPORT_BYTES + 32;

  private final TestServer server = new TestServer();
  private final Client client = server.client(0, ADDRESS);
  private final TalkingPeers peers =
      new TalkingPeers(server.crypto, new SplittableRandom(1), new EpochClock(TODAY), 1, TRICKLE);

  /** When the latest echo was asked for that nothing has followed. */
  private long saidNs;

  @BeforeEach
  void getASession() {
    peers.begin(client, START);
    byte[] confirmation = requireNonNull(receive(server.respond(due()), START + 1));
    assertThat(confirmation).hasSize(ECHO_BYTES);
    assertThat(peers.first().in()).isEqualTo(1);
    saidNs = START + 1;
  }

  @AfterEach
  void close() {
    server.close();
  }

  private byte[] due() {
    return requireNonNull(peers.due(client, peers.dueNs(client)));
  }

  private byte @Nullable [] receive(byte[] datagram, long nowNs) {
    return peers.received(client, datagram, ADDRESS, nowNs);
  }

  private byte[] echoesUntilItCalls() {
    byte[] message = due();
    while (message.length == ECHO_BYTES) {
      message = due();
    }
    assertThat(message).hasSize(Messages.INITIATION_BYTES);
    return message;
  }

  @Test
  void shouldAskAgainAndAgainWhileItIsAnswered() {
    for (int i = 1; i <= 20; i++) {
      receive(server.data(i), peers.dueNs(client) - TRICKLE / 2);
      assertThat(due()).hasSize(ECHO_BYTES);
    }
    assertThat(peers.counters().calls.sum()).isEqualTo(1);
  }

  @Test
  void shouldCallFifteenSecondsAfterTheFirstThatStaysWithoutAnswer() {
    peers.crashed(START);
    long before = peers.dueNs(client);
    byte[] message = due();
    while (message.length == ECHO_BYTES) {
      before = peers.dueNs(client);
      message = due();
    }
    assertThat(before)
        .isBetween(
            saidNs + TalkingPeers.SILENCE_NS, saidNs + TalkingPeers.SILENCE_NS + Caller.JITTER_NS);
    assertThat(peers.again().called()).isEqualTo(1);

    receive(server.respond(message), before + 5);
    assertThat(peers.again().times(before).at(1)).hasValue(5);
    assertThat(peers.counters().retries.sum()).isZero();
  }

  @Test
  void shouldCallAgainWhileThereIsNoServer() {
    echoesUntilItCalls();
    byte[] again = echoesUntilItCalls();

    assertThat(peers.counters().retries.sum()).isEqualTo(1);
    receive(server.respond(again), peers.dueNs(client));
    assertThat(due()).hasSize(ECHO_BYTES);
  }

  @Test
  void shouldHaveASessionAgainWhenTheServerHasUsedTheOneThatItBegan() {
    peers.crashed(START);
    byte[] initiation = server.call(client, Tai64n.whitened(TODAY + START));
    byte[] response = requireNonNull(peers.called(client, initiation, ADDRESS, START + 2 * SECOND));
    assertThat(server.completes(response)).isTrue();
    assertThat(peers.again().in()).isZero();

    byte[] forged = server.data(0);
    forged[Messages.TRANSPORT_HEADER_BYTES] ^= 1;
    receive(forged, START + 3 * SECOND);
    assertThat(peers.again().in()).isZero();

    receive(server.data(0), START + 3 * SECOND);
    assertThat(peers.again().times(START).at(1)).hasValue(3 * SECOND);
    assertThat(peers.answered()).isEqualTo(1);
    assertThat(Words.get(due(), Messages.TRANSPORT_RECEIVER_OFFSET)).isEqualTo(TestServer.INDEX);
  }

  @Test
  void shouldHaveASessionAgainWhenAnotherServerAnswersInTheOneThatItHad() {
    peers.crashed(START + SECOND);
    receive(server.data(0), START + SECOND + TalkingPeers.ON_ITS_WAY_NS);
    assertThat(peers.again().in()).as("it may have been on its way").isZero();
    receive(server.data(1), START + 2 * SECOND);
    receive(server.data(2), START + 3 * SECOND);
    assertThat(peers.again().times(START).at(1)).hasValue(2 * SECOND);
    assertThat(peers.kept()).isEqualTo(1);
  }

  @Test
  void shouldSayNothingToWhoIsNotTheServer() {
    assertThat(peers.called(client, new byte[Messages.INITIATION_BYTES], ADDRESS, START)).isNull();
    assertThat(peers.counters().strays.sum()).isEqualTo(1);
  }
}
