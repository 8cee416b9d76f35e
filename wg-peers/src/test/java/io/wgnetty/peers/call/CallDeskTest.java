package io.wgnetty.peers.call;

import static io.wgnetty.peers.call.CallDesk.Verdict.JOINED;
import static io.wgnetty.peers.call.CallDesk.Verdict.KNOWN_UNKNOWN;
import static io.wgnetty.peers.call.CallDesk.Verdict.LOOK_UP;
import static io.wgnetty.peers.call.CallDesk.Verdict.TURNED_AWAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.IpText;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Bounds of lookups. */
class CallDeskTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Endpoint SOURCE = Endpoint.of(IpText.parse("192.0.2.1"), 1000, 0);

  private final CallDesk desk = new CallDesk(3, 5, 2, 4, 0);

  private static InitiationMessage message() {
    byte[] bytes = new byte[148];
    bytes[0] = 1;
    return (InitiationMessage) Objects.requireNonNull(HandshakeMessage.parse(bytes));
  }

  private static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    return PublicKey.of(bytes);
  }

  private CallDesk.Verdict call(int key, long nowNs) {
    return desk.called(key(key), message(), SOURCE, nowNs);
  }

  @Test
  void shouldLookAKeyUpOnceAndAnswerTheLatestCall() {
    assertThat(call(1, 0)).isEqualTo(LOOK_UP);
    InitiationMessage latest = message();
    assertThat(desk.called(key(1), latest, SOURCE, 10)).isEqualTo(JOINED);
    CallDesk.Call call =
        Objects.requireNonNull(desk.done(key(1), CallDesk.Outcome.FOUND, 20).call());
    assertThat(call.message()).isSameAs(latest);
    assertThat(desk.waiting()).isZero();
    assertThat(call(1, 30)).isEqualTo(LOOK_UP);
  }

  @Test
  void shouldNotAnswerWhoHasBegunAnew() {
    assertThat(call(1, 0)).isEqualTo(LOOK_UP);
    assertThat(desk.done(key(1), CallDesk.Outcome.FOUND, 5 * SECOND).call()).isNull();
  }

  @Test
  void shouldRememberNobodiesForAWhileAndNotTooMany() {
    assertThat(call(1, 0)).isEqualTo(LOOK_UP);
    assertThat(desk.done(key(1), CallDesk.Outcome.UNKNOWN, 0).call()).isNull();
    assertThat(call(1, 59 * SECOND)).isEqualTo(KNOWN_UNKNOWN);
    assertThat(call(1, 60 * SECOND)).isEqualTo(LOOK_UP);
    desk.done(key(1), CallDesk.Outcome.UNKNOWN, 60 * SECOND);
    for (int i = 2; i <= 5; i++) {
      assertThat(call(i, 60 * SECOND + i * SECOND)).isEqualTo(LOOK_UP);
      desk.done(key(i), CallDesk.Outcome.UNKNOWN, 60 * SECOND + i * SECOND);
    }
    assertThat(call(1, 66 * SECOND)).as("the eldest of five is forgotten").isEqualTo(LOOK_UP);
    assertThat(desk.forget(key(5))).as("it is looked up").isFalse();
    assertThat(call(5, 66 * SECOND)).isEqualTo(LOOK_UP);
  }

  @Test
  void shouldTurnAwayWhatIsTooMuchAtOnce() {
    for (int i = 0; i < 3; i++) {
      assertThat(call(i, 0)).isEqualTo(LOOK_UP);
    }
    assertThat(call(7, 0)).isEqualTo(TURNED_AWAY);
    assertThat(call(1, 0)).as("who waits already").isEqualTo(JOINED);
    assertThat(desk.outcomes(CallDesk.Outcome.TURNED_AWAY)).isEqualTo(1);
    desk.done(key(0), CallDesk.Outcome.FAILED, 0);
    assertThat(call(7, 0)).isEqualTo(LOOK_UP);
    assertThat(desk.waiting()).isEqualTo(3);
  }

  @Test
  void shouldTurnAwayWhatIsTooMuchASecond() {
    for (int i = 0; i < 5; i++) {
      assertThat(call(i, 0)).isEqualTo(LOOK_UP);
      desk.done(key(i), CallDesk.Outcome.FAILED, 0);
    }
    assertThat(call(9, 0)).isEqualTo(TURNED_AWAY);
    assertThat(call(9, SECOND / 5)).isEqualTo(LOOK_UP);
  }

  private CallDesk.Verdict send(int key, long nowNs, byte[]... packets) {
    return desk.sentTo(key(key), List.of(packets), nowNs);
  }

  @Test
  void shouldKeepWhatIsSentUntilTheLookupEnds() {
    byte[] first = {1};
    byte[] second = {2};
    assertThat(send(1, 0, first)).isEqualTo(LOOK_UP);
    assertThat(send(1, 0, second)).isEqualTo(JOINED);
    assertThat(call(1, 0)).as("it calls itself meanwhile").isEqualTo(JOINED);
    CallDesk.Waited waited = desk.done(key(1), CallDesk.Outcome.FOUND, 0);
    assertThat(waited.packets()).containsExactly(first, second);
    assertThat(waited.call()).isNotNull();
    assertThat(send(2, 0, first)).isEqualTo(LOOK_UP);
    assertThat(desk.done(key(2), CallDesk.Outcome.UNKNOWN, 0).packets())
        .as("to be counted")
        .containsExactly(first);
    assertThat(send(2, 0, first)).isEqualTo(KNOWN_UNKNOWN);
  }

  @Test
  void shouldWakeFewerThanCall() {
    assertThat(send(1, 0, new byte[1])).isEqualTo(LOOK_UP);
    assertThat(send(2, 0, new byte[1])).isEqualTo(LOOK_UP);
    assertThat(send(3, 0, new byte[1])).isEqualTo(TURNED_AWAY);
    assertThat(call(3, 0)).as("callers have a measure of their own").isEqualTo(LOOK_UP);
  }

  @Test
  void shouldKeepNoMorePacketsThanFit() {
    byte[][] many = new byte[128][1];
    assertThat(send(1, 0, many)).isEqualTo(LOOK_UP);
    assertThat(send(1, 0, new byte[1])).as("of one peer").isEqualTo(TURNED_AWAY);
    assertThat(send(2, 0, new byte[CallDesk.MAX_PACKET_BYTES])).isEqualTo(LOOK_UP);
    assertThat(send(2, 0, new byte[1])).as("of all").isEqualTo(TURNED_AWAY);
    desk.done(key(2), CallDesk.Outcome.FOUND, 0);
    desk.done(key(1), CallDesk.Outcome.FOUND, 0);
    assertThat(send(3, SECOND, new byte[1])).isEqualTo(LOOK_UP);
  }
}
