package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UapiConnectionTest {
  private static final String PEER_A = "aa".repeat(32);
  private static final String PEER_B = "bb".repeat(32);
  private static final String SECRET =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";

  private final FakeDevice device = new FakeDevice();
  private final RequestTurns turns = new RequestTurns(RequestTurns.MAX_SILENCE_NS);

  private EmbeddedChannel connect() {
    return EmbeddedUapi.connect(device, turns);
  }

  /** Sends; returns everything that was answered so far. */
  private static String send(EmbeddedChannel channel, String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
    return received(channel);
  }

  private static String received(EmbeddedChannel channel) {
    channel.runPendingTasks();
    StringBuilder answer = new StringBuilder();
    ByteBuf piece = channel.readOutbound();
    while (piece != null) {
      answer.append(piece.toString(ISO_8859_1));
      piece.release();
      piece = channel.readOutbound();
    }
    return answer.toString();
  }

  @Test
  void shouldAnswerSetWithNegativeErrno() {
    assertThat(send(connect(), "set=1\nlisten_port=1\n\n")).isEqualTo("errno=0\n\n");
    assertThat(send(connect(), "set=1\nlisten_port=x\n\n")).isEqualTo("errno=-22\n\n");
    assertThat(send(connect(), "set=1\nlisten_port\n\n")).isEqualTo("errno=-71\n\n");
    device.settingsRefused = 5;
    assertThat(send(connect(), "set=1\nlisten_port=5\n\n")).isEqualTo("errno=-98\n\n");
  }

  @Test
  void shouldServeSeveralRequestsOnOneConnection() {
    EmbeddedChannel channel = connect();
    assertThat(send(channel, "set=1\nlisten_port=1\n\nset=1\nlisten_port=2\n\nset=1\n\n"))
        .isEqualTo("errno=0\n\nerrno=0\n\nerrno=0\n\n");
    assertThat(device.settings().listenPort()).isEqualTo(2);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void shouldAnswerErrorAtOnceAndIgnoreTheRestOfThatRequestOnly() {
    EmbeddedChannel channel = connect();
    assertThat(send(channel, "set=1\nlisten_port=1\nfwmark=x\n")).isEqualTo("errno=-22\n\n");
    assertThat(send(channel, "listen_port=2\nget=1\ngarbage\n\n")).isEmpty();
    assertThat(device.settings().listenPort()).isEqualTo(1);
    assertThat(send(channel, "set=1\nlisten_port=3\n\n")).isEqualTo("errno=0\n\n");
    assertThat(device.settings().listenPort()).isEqualTo(3);
  }

  @Test
  void shouldCloseWithoutAnswerIfFirstLineIsUnknown() {
    for (String first : new String[] {"\n", "get=2\n", "set=1 \n", "get=1\r\n", "hello\n"}) {
      EmbeddedChannel channel = connect();
      assertThat(send(channel, first)).isEmpty();
      assertThat(channel.isOpen()).as(first).isFalse();
    }
  }

  @Test
  void shouldRefuseKeysOfGetWithPositiveErrno() {
    EmbeddedChannel channel = connect();
    assertThat(send(channel, "get=1\nlisten_port=1\n\n")).isEqualTo("errno=22\n\n");
    assertThat(send(channel, "set=1\n\n")).isEqualTo("errno=0\n\n");
  }

  @Test
  void shouldAnswerHugeLineAndClose() {
    EmbeddedChannel channel = connect();
    String huge = "x".repeat(5000);
    assertThat(send(channel, "set=1\nlisten_port=7\n" + huge)).isEqualTo("errno=-22\n\n");
    assertThat(channel.isOpen()).isFalse();
    assertThat(device.settings().listenPort()).isEqualTo(7);
    channel = connect();
    assertThat(send(channel, huge)).isEmpty();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void shouldApplyNothingMoreWhenConnectionEndsInTheMiddle() {
    EmbeddedChannel channel = connect();
    send(channel, "set=1\npublic_key=" + PEER_A + "\n");
    channel.close().syncUninterruptibly();
    assertThat(device.peerCount()).isZero();
    assertThat(send(connect(), "set=1\n\n")).as("the turn is free").isEqualTo("errno=0\n\n");
  }

  @Test
  void shouldReportFailureOfTheDeviceAndGoOn() {
    EmbeddedChannel channel = connect();
    device.failure = new IllegalStateException("on purpose");
    assertThat(send(channel, "set=1\npublic_key=" + PEER_A + "\n\n")).isEqualTo("errno=-5\n\n");
    device.failure = null;
    assertThat(send(channel, "set=1\n\n")).isEqualTo("errno=0\n\n");
  }

  @Test
  void shouldKeepOtherRequestsWaitingUntilSetIsWhole() {
    EmbeddedChannel first = connect();
    EmbeddedChannel second = connect();
    EmbeddedChannel third = connect();
    send(first, "set=1\nlisten_port=1\n");
    assertThat(send(second, "set=1\nlisten_port=2\n\nset=1\n\n")).isEmpty();
    assertThat(send(third, "set=1\nlisten_port=3\n\n")).isEmpty();
    assertThat(device.settings().listenPort()).isEqualTo(1);
    assertThat(send(first, "\n")).isEqualTo("errno=0\n\n");
    assertThat(received(second)).startsWith("errno=0\n\n");
    assertThat(received(third)).isEqualTo("errno=0\n\n");
    assertThat(received(second)).isEqualTo("errno=0\n\n");
    assertThat(device.settings().listenPort()).isEqualTo(3);
  }

  @Test
  void shouldCloseConnectionThatStopsInTheMiddleWhileOthersWait() {
    var quick = new RequestTurns(0);
    var silent = EmbeddedUapi.connect(device, quick);
    var waiting = EmbeddedUapi.connect(device, quick);
    send(silent, "set=1\nlisten_port=1\n");
    assertThat(silent.isOpen()).isTrue();
    assertThat(send(waiting, "set=1\nlisten_port=2\n\n")).isEqualTo("errno=0\n\n");
    assertThat(silent.isOpen()).isFalse();
  }

  @Test
  void shouldOverwriteInputThatMayHoldKeys() {
    EmbeddedChannel channel = connect();
    ByteBuf input =
        Unpooled.copiedBuffer("set=1\nprivate_key=" + SECRET + "\n\n", ISO_8859_1).retain();
    channel.writeInbound(input);
    assertThat(input.toString(0, input.capacity(), ISO_8859_1)).doesNotContain(SECRET);
    input.release();
  }

  @Test
  void shouldOverwritePiecesOfGetOnceTheyWereSent() {
    send(connect(), "set=1\nprivate_key=" + SECRET + "\npublic_key=" + PEER_B + "\n\n");
    assertThat(device.peer(PublicKey.fromHex(PEER_B))).isNotNull();
    List<ByteBuf> sent = new ArrayList<>();
    EmbeddedChannel channel = EmbeddedUapi.connect(device, turns, sent);
    assertThat(send(channel, "get=1\n\n")).contains(SECRET);
    assertThat(sent).isNotEmpty();
    for (ByteBuf piece : sent) {
      assertThat(piece.toString(0, piece.writerIndex(), ISO_8859_1)).matches("\0+");
      piece.release();
    }
  }
}
