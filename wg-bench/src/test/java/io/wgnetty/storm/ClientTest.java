package io.wgnetty.storm;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.storm.Client.Reply;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientTest {
  private static final int NUMBER = 123_456;
  private static final int ADDRESS = Addresses.crowd(5);
  private static final long NOW = 1_000;
  private static final long TODAY = TimeUnit.DAYS.toNanos(20_000);
  private static final long LATER = TODAY + TimeUnit.SECONDS.toNanos(5);

  private final TestServer server = new TestServer();
  private final Client client = server.client(NUMBER, ADDRESS);

  @AfterEach
  void close() {
    server.close();
  }

  private byte[] call(long epochNs) {
    return client.call(server.crypto, NOW, epochNs);
  }

  private Reply receive(byte[] datagram) {
    return client.receive(server.crypto, datagram, ADDRESS, NOW);
  }

  @Test
  void shouldBeUnderstoodByARealResponderAndHaveItsKeys() {
    byte[] response = server.respond(call(TODAY));

    assertThat(receive(response)).isEqualTo(Reply.RESPONSE);
    SessionKeys keys = requireNonNull(client.verify(server.crypto));
    assertThat(keys.sendKey()).isEqualTo(server.keysOfLatest().receiveKey());
    assertThat(keys.receiveKey()).isEqualTo(server.keysOfLatest().sendKey());
    assertThat(keys.remoteIndex()).isEqualTo(TestServer.INDEX);
  }

  @Test
  void shouldBeFoundByItsIndex() {
    byte[] initiation = call(TODAY);

    assertThat(Client.numberOf(Words.get(initiation, Messages.SENDER_OFFSET))).isEqualTo(NUMBER);
  }

  @Test
  void shouldHaveAValidMac1AndNoMac2AtFirst() {
    byte[] initiation = call(TODAY);

    assertThat(server.cookies.checkMac1(initiation)).isTrue();
    assertThat(initiation).endsWith(new byte[Messages.MAC_BYTES]);
  }

  @Test
  void shouldCarryTheCookieOfAReplyInItsNextAttempt() {
    byte[] reply = server.cookies.reply(call(TODAY), TestServer.at(ADDRESS), NOW);

    assertThat(receive(reply)).isEqualTo(Reply.COOKIE);
    byte[] second = call(LATER);
    assertThat(server.cookies.checkMac2(second, TestServer.at(ADDRESS), NOW)).isTrue();
    assertThat(receive(server.respond(second))).isEqualTo(Reply.RESPONSE);
    assertThat(client.verify(server.crypto)).isNotNull();
  }

  @Test
  void shouldRefuseACookieReplyToAnotherMessage() {
    Client other = server.client(NUMBER + 1, ADDRESS);
    byte[] reply =
        server.cookies.reply(other.call(server.crypto, NOW, TODAY), TestServer.at(ADDRESS), NOW);
    call(TODAY);

    assertThat(receive(reply)).isEqualTo(Reply.STRAY);
  }

  @Test
  void shouldTakeAResponseOnceOnly() {
    byte[] response = server.respond(call(TODAY));

    assertThat(receive(response)).isEqualTo(Reply.RESPONSE);
    assertThat(receive(response)).isEqualTo(Reply.STRAY);
  }

  @Test
  void shouldFindAResponseToAnEarlierAttemptTooLate() {
    byte[] late = server.respond(call(TODAY));
    byte[] second = call(LATER);

    assertThat(receive(late)).isEqualTo(Reply.STRAY);
    assertThat(receive(server.respond(second))).isEqualTo(Reply.RESPONSE);
    assertThat(client.verify(server.crypto)).isNotNull();
  }

  @Test
  void shouldNotTakeWhatCameToAnotherAddress() {
    byte[] response = server.respond(call(TODAY));

    assertThat(client.receive(server.crypto, response, ADDRESS + 1, NOW)).isEqualTo(Reply.STRAY);
  }

  @Test
  void shouldNotTakeAResponseWithAWrongMac1() {
    byte[] response = server.respond(call(TODAY));
    response[Messages.RESPONSE_NOTHING_OFFSET] ^= 1;

    assertThat(receive(response)).isEqualTo(Reply.STRAY);
  }

  @Test
  void shouldNotVerifyAForgedResponseThatHasTheRightMac1() {
    byte[] response = server.respond(call(TODAY));
    response[Messages.RESPONSE_NOTHING_OFFSET] ^= 1;
    new CookieJar(new RemoteIdentity(client.key())).stamp(response, NOW);

    assertThat(receive(response)).isEqualTo(Reply.RESPONSE);
    assertThat(client.verify(server.crypto)).isNull();
  }

  @Test
  void shouldHaveALaterTimestampInEachAttempt() {
    byte[] first = server.open(call(TODAY)).timestamp();
    byte[] second = server.open(call(LATER)).timestamp();

    assertThat(Tai64n.compare(first, second)).isNegative();
  }

  @Test
  void shouldTellDataFromJunk() {
    byte[] data = new byte[Messages.MIN_TRANSPORT_BYTES];
    data[0] = Messages.TRANSPORT;

    assertThat(receive(data)).isEqualTo(Reply.DATA);
    assertThat(receive(new byte[Messages.MIN_TRANSPORT_BYTES])).isEqualTo(Reply.STRAY);
    assertThat(receive(new byte[0])).isEqualTo(Reply.STRAY);
  }
}
