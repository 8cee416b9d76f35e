package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.Messages;
import io.wgnetty.storm.Client.Reply;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ResponderTest {
  private static final int NUMBER = 4321;
  private static final int ADDRESS = Addresses.crowd(NUMBER);
  private static final long NOW = 1_000;
  private static final long TODAY = TimeUnit.DAYS.toNanos(20_000);

  private final TestServer server = new TestServer();
  private final Client client = server.client(NUMBER, ADDRESS);

  @AfterEach
  void close() {
    server.close();
  }

  private byte[] call(long epochNs) {
    return server.call(client, Tai64n.whitened(epochNs));
  }

  private Responder.@Nullable Answer answer(byte[] initiation) {
    return client.answer(server.crypto, initiation, ADDRESS, NOW);
  }

  @Test
  void shouldBeUnderstoodByARealInitiatorAndHaveItsKeys() {
    Responder.Answer answer = requireNonNull(answer(call(TODAY)));

    assertThat(client.hasMac1(answer.message())).as("the server's, not its own").isFalse();
    assertThat(server.cookies.checkMac1(answer.message())).isTrue();
    assertThat(server.completes(answer.message())).isTrue();
    assertThat(answer.keys().sendKey()).isEqualTo(server.keysOfLatest().receiveKey());
    assertThat(answer.keys().receiveKey()).isEqualTo(server.keysOfLatest().sendKey());
    assertThat(answer.keys().remoteIndex()).isEqualTo(TestServer.INDEX);
    assertThat(answer.keys().localIndex()).isEqualTo(server.keysOfLatest().remoteIndex());
    assertThat(Client.numberOf(answer.keys().localIndex())).isEqualTo(NUMBER);
  }

  @Test
  void shouldKnowTheDataOfItsSessionOnly() {
    Responder.Answer answer = requireNonNull(answer(call(TODAY)));
    server.completes(answer.message());
    byte[] data = server.data(7);

    assertThat(DataMessage.isOf(server.crypto.aead(), answer.keys(), data)).isTrue();
    data[Messages.TRANSPORT_HEADER_BYTES] ^= 1;
    assertThat(DataMessage.isOf(server.crypto.aead(), answer.keys(), data)).isFalse();
  }

  @Test
  void shouldAnswerNothingThatIsNotNewer() {
    byte[] first = call(TODAY);

    assertThat(answer(first)).isNotNull();
    assertThat(answer(first)).isNull();
    assertThat(answer(call(TODAY - Tai64n.RESOLUTION_NS))).isNull();
    assertThat(answer(call(TODAY + Tai64n.RESOLUTION_NS))).isNotNull();
  }

  @Test
  void shouldAnswerNothingThatIsNotMeantForIt() {
    Client other = server.client(NUMBER + 1, ADDRESS);
    byte[] initiation = call(TODAY);

    assertThat(other.answer(server.crypto, initiation, ADDRESS, NOW)).isNull();
    assertThat(client.answer(server.crypto, initiation, ADDRESS + 1, NOW)).isNull();
    assertThat(answer(new byte[Messages.INITIATION_BYTES])).isNull();
    assertThat(answer(initiation)).isNotNull();
  }

  @Test
  void shouldAnswerNoOtherServer() {
    try (TestServer impostor = new TestServer("impostor")) {
      assertThat(answer(impostor.call(client, Tai64n.whitened(TODAY)))).isNull();
    }
  }

  @Test
  void shouldGiveItsOwnAttemptUp() {
    byte[] response = server.respond(client.call(server.crypto, NOW, TODAY));

    assertThat(answer(call(TODAY))).isNotNull();
    assertThat(client.receive(server.crypto, response, ADDRESS, NOW)).isEqualTo(Reply.STRAY);
  }
}
