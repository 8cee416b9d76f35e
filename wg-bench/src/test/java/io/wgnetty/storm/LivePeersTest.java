package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.protocol.Messages;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LivePeersTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long START = 100 * SECOND;
  private static final int ADDRESS = Addresses.crowd(0);

  private final TestServer server = new TestServer();
  private final Client client = server.client(0, ADDRESS);
  private final LivePeers peers =
      new LivePeers(
          server.crypto,
          new SplittableRandom(1),
          new EpochClock(TimeUnit.DAYS.toNanos(20_000)),
          1,
          60 * SECOND,
          10 * SECOND);

  @AfterEach
  void close() {
    server.close();
  }

  private byte[] due() {
    return requireNonNull(peers.due(client, peers.dueNs(client)));
  }

  private byte[] answer(byte[] initiation, long nowNs) {
    return requireNonNull(peers.received(client, server.respond(initiation), ADDRESS, nowNs));
  }

  private static long counter(byte[] data) {
    return Words.get(data, Messages.TRANSPORT_COUNTER_OFFSET);
  }

  @Test
  void shouldConfirmASessionAndKeepItAliveUntilItRenewsIt() {
    peers.begin(client, START);
    assertThat(peers.dueNs(client)).isEqualTo(START);

    byte[] confirmation = answer(due(), START + 1);
    assertThat(confirmation).hasSize(Messages.MIN_TRANSPORT_BYTES);
    assertThat(counter(confirmation)).isZero();
    for (int i = 1; i <= 6; i++) {
      assertThat(peers.dueNs(client)).isEqualTo(START + 1 + 10L * i * SECOND);
      byte[] message = due();
      if (i < 6) {
        assertThat(message).hasSize(Messages.MIN_TRANSPORT_BYTES);
        assertThat(counter(message)).isEqualTo(i);
      } else {
        assertThat(message).as("the renewal, at 60 s").hasSize(Messages.INITIATION_BYTES);
      }
    }
  }

  @Test
  void shouldGoOnSpeakingWhileARenewalIsNotAnswered() {
    peers.begin(client, START);
    answer(due(), START);
    for (int i = 1; i < 6; i++) {
      due();
    }
    assertThat(due()).as("the renewal").hasSize(Messages.INITIATION_BYTES);

    assertThat(due()).hasSize(Messages.MIN_TRANSPORT_BYTES);
    assertThat(peers.dueNs(client))
        .isBetween(START + 65 * SECOND, START + 65 * SECOND + Caller.JITTER_NS);
    byte[] again = due();
    assertThat(again).hasSize(Messages.INITIATION_BYTES);
    assertThat(peers.counters().retries.sum()).isEqualTo(1);

    answer(again, START + 66 * SECOND);
    assertThat(peers.waits().at(1)).hasValue(6 * SECOND);
    assertThat(peers.waits().at(0.5)).hasValue(0);
  }
}
