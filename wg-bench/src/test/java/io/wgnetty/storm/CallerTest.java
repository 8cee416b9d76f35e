package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Aead;
import io.wgnetty.protocol.Messages;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallerTest {
  private static final int FIRST = 10;
  private static final int ADDRESS = Addresses.newcomer(0);
  private static final long START = TimeUnit.SECONDS.toNanos(100);

  private final TestServer server = new TestServer();
  private final Client client = server.client(FIRST + 1, ADDRESS);

  @AfterEach
  void close() {
    server.close();
  }

  private Caller caller(boolean confirming) {
    return new Caller(
        server.crypto,
        new SplittableRandom(1),
        new EpochClock(TimeUnit.DAYS.toNanos(20_000)),
        confirming,
        FIRST,
        2);
  }

  @Test
  void shouldCallAgainAfterFiveSecondsAndSomeJitterUntilItGivesUp() {
    Caller caller = caller(false);
    long now = START;
    int calls = 0;
    while (caller.due(client, now) != null) {
      calls++;
      assertThat(caller.dueNs(client) - now)
          .isBetween(Caller.RETRY_NS, Caller.RETRY_NS + Caller.JITTER_NS - 1);
      now = caller.dueNs(client);
    }

    assertThat(calls).isEqualTo(20);
    assertThat(caller.dueNs(client)).isEqualTo(Conduct.NEVER);
    assertThat(caller.counters().givenUp.sum()).isEqualTo(1);
    assertThat(caller.counters().retries.sum()).isEqualTo(19);
  }

  @Test
  void shouldStopWhenItIsAnsweredAndKnowHowLongThatTook() {
    Caller caller = caller(false);
    caller.due(client, START);
    byte[] second = requireNonNull(caller.due(client, caller.dueNs(client)));
    long in = START + TimeUnit.SECONDS.toNanos(6);

    assertThat(caller.received(client, server.respond(second), ADDRESS, in)).isNull();
    assertThat(caller.dueNs(client)).isEqualTo(Conduct.NEVER);
    assertThat(caller.arrivals().in()).isEqualTo(1);
    assertThat(caller.arrivals().took().at(1)).hasValue(TimeUnit.SECONDS.toNanos(6));
  }

  @Test
  void shouldSendAFirstCallThatWasPreparedAndThenCallAnew() {
    Caller caller = caller(false);
    caller.prepare(client, START - 1);
    assertThat(caller.counters().calls.sum()).isZero();

    byte[] first = requireNonNull(caller.due(client, START));
    byte[] second = requireNonNull(caller.due(client, caller.dueNs(client)));

    assertThat(server.open(first).remoteIndex()).isNotEqualTo(server.open(second).remoteIndex());
    assertThat(caller.counters().calls.sum()).isEqualTo(2);
    assertThat(caller.counters().retries.sum()).isEqualTo(1);
    assertThat(caller.received(client, server.respond(second), ADDRESS, START + 1)).isNull();
    assertThat(caller.arrivals().in()).isEqualTo(1);
  }

  @Test
  void shouldConfirmWithAKeepaliveThatTheServerCanOpen() {
    Caller caller = caller(true);
    byte[] initiation = requireNonNull(caller.due(client, START));

    byte[] keepalive =
        requireNonNull(caller.received(client, server.respond(initiation), ADDRESS, START + 1));

    assertThat(Words.get(keepalive, Messages.TRANSPORT_RECEIVER_OFFSET))
        .isEqualTo(TestServer.INDEX);
    assertThat(
            server
                .crypto
                .aead()
                .open(
                    server.keysOfLatest().receiveKey(),
                    0,
                    new byte[0],
                    keepalive,
                    Messages.TRANSPORT_HEADER_BYTES,
                    Aead.TAG_BYTES,
                    new byte[0],
                    0))
        .isTrue();
  }

  @Test
  void shouldGoOnCallingAfterACookie() {
    Caller caller = caller(false);
    byte[] initiation = requireNonNull(caller.due(client, START));
    byte[] reply = server.cookies.reply(initiation, TestServer.at(ADDRESS), START);

    assertThat(caller.received(client, reply, ADDRESS, START + 1)).isNull();
    assertThat(caller.dueNs(client)).isGreaterThanOrEqualTo(START + Caller.RETRY_NS);
    assertThat(caller.counters().cookies.sum()).isEqualTo(1);
    assertThat(caller.arrivals().in()).isZero();
  }
}
