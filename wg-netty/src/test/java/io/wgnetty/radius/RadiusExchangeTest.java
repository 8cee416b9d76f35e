package io.wgnetty.radius;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.config.EndpointName;
import io.wgnetty.radius.AccountingRecord.Cause;
import io.wgnetty.radius.AccountingRecord.Status;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.aaa4j.radius.core.attribute.attributes.AcctInputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctInputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputGigawords;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputOctets;
import org.aaa4j.radius.core.attribute.attributes.AcctOutputPackets;
import org.aaa4j.radius.core.attribute.attributes.AcctSessionTime;
import org.aaa4j.radius.core.attribute.attributes.AcctStatusType;
import org.aaa4j.radius.core.attribute.attributes.AcctTerminateCause;
import org.aaa4j.radius.core.attribute.attributes.CallingStationId;
import org.aaa4j.radius.core.attribute.attributes.FramedIpAddress;
import org.aaa4j.radius.core.attribute.attributes.FramedIpv6Prefix;
import org.aaa4j.radius.core.attribute.attributes.FramedRoute;
import org.aaa4j.radius.core.attribute.attributes.NasIdentifier;
import org.aaa4j.radius.core.attribute.attributes.UserName;
import org.aaa4j.radius.core.packet.Packet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RadiusExchangeTest {
  private static final byte[] SECRET = "between us".getBytes(US_ASCII);
  private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000L);

  private @Nullable RadiusServerStub server;
  private @Nullable RadiusExchange exchange;
  private final TestPeers peers = new TestPeers();

  /** Moves faster than the world, so that what is due is sent at once. */
  private long nowNs = TimeUnit.SECONDS.toNanos(1);

  @BeforeEach
  void start() throws IOException {
    server = new RadiusServerStub(SECRET);
    exchange = exchange(server.port());
  }

  private static RadiusExchange exchange(int port) throws IOException {
    return new RadiusExchange(
        "wg0",
        new EndpointName("127.0.0.1", port),
        SECRET.clone(),
        new RecordAttributes("gate-wg0", "wg0"));
  }

  @AfterEach
  void stop() {
    exchange().close();
    server().close();
  }

  private RadiusServerStub server() {
    return requireNonNull(server);
  }

  private RadiusExchange exchange() {
    return requireNonNull(exchange);
  }

  private void turn(long passMs) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(passMs);
    exchange().turn(nowNs, TimeUnit.MILLISECONDS.toNanos(50));
  }

  private void turnUntilConfirmed(long passMs) {
    while (exchange().unconfirmed() > 0) {
      turn(passMs);
    }
  }

  private AccountingSession session(int number) {
    var session = new AccountingSession(TestPeers.key(number), "id-" + number, 0, Traffic.NONE);
    peers.details(List.of(TestPeers.key(number))).forEach(session::see);
    return session;
  }

  private static AccountingRecord record(Status status, @Nullable AccountingSession session) {
    return new AccountingRecord(status, session, NOW, Traffic.NONE, 0, null);
  }

  private static int status(Packet packet) {
    return packet.getAttribute(AcctStatusType.class).orElseThrow().getData().getValue();
  }

  private List<Integer> statuses() {
    return server().told.stream().map(RadiusExchangeTest::status).toList();
  }

  @Test
  void shouldTellAllOfASession() {
    peers.name(1, "phone", "10.9.0.7/32", "10.9.0.8/32", "192.168.7.0/24", "fd00::7/128");
    peers.set(1, 0, 0, 0);
    Traffic carried = new Traffic(5L << 32 | 7, 0xffff_ffffL, 3, 0x8000_0001L);
    exchange()
        .add(new AccountingRecord(Status.STOP, session(1), NOW, carried, 99, Cause.ADMIN_RESET));
    turnUntilConfirmed(0);
    Packet packet = server().told.remove();
    assertThat(status(packet)).isEqualTo(2);
    assertThat(packet.getAttribute(UserName.class).orElseThrow().getData().getValue())
        .isEqualTo("phone");
    assertThat(packet.getAttribute(NasIdentifier.class).orElseThrow().getData().getValue())
        .isEqualTo("gate-wg0");
    assertThat(packet.getAttribute(CallingStationId.class).orElseThrow().getData().getValue())
        .isEqualTo("192.0.2.7:51820");
    assertThat(
            packet
                .getAttribute(FramedIpAddress.class)
                .orElseThrow()
                .getData()
                .getValue()
                .getHostAddress())
        .isEqualTo("10.9.0.7");
    assertThat(packet.getAttributes(FramedRoute.class))
        .extracting(each -> each.getData().getValue())
        .containsExactly("10.9.0.8/32 0.0.0.0 1", "192.168.7.0/24 0.0.0.0 1");
    assertThat(packet.getAttributes(FramedIpv6Prefix.class))
        .extracting(each -> each.getData().getPrefixLength())
        .containsExactly(128);
    assertThat(packet.getAttribute(AcctInputOctets.class).orElseThrow().getData().getValue())
        .isEqualTo(7);
    assertThat(packet.getAttribute(AcctInputGigawords.class).orElseThrow().getData().getValue())
        .isEqualTo(5);
    assertThat(packet.getAttribute(AcctOutputOctets.class).orElseThrow().getData().getValue())
        .isEqualTo(-1);
    assertThat(packet.getAttribute(AcctOutputGigawords.class).orElseThrow().getData().getValue())
        .isZero();
    assertThat(packet.getAttribute(AcctOutputPackets.class).orElseThrow().getData().getValue())
        .isEqualTo(0x8000_0001);
    assertThat(packet.getAttribute(AcctSessionTime.class).orElseThrow().getData().getValue())
        .isEqualTo(99);
    assertThat(packet.getAttribute(AcctTerminateCause.class).orElseThrow().getData().getValue())
        .isEqualTo(6);
    assertThat(exchange().acknowledged()).isEqualTo(1);
  }

  @Test
  void shouldSendAgainUntilItIsConfirmed() {
    server().unanswered.set(3);
    exchange().add(record(Status.START, session(1)));
    turnUntilConfirmed(1000);
    assertThat(statuses()).hasSize(4).containsOnly(1);
    assertThat(exchange().retransmissions()).isEqualTo(3);
    assertThat(exchange().acknowledged()).isEqualTo(1);
    assertThat(exchange().dropped()).isZero();
  }

  @Test
  void shouldTellOfTheInterfaceByItselfAndOfASessionInOrder() {
    server().unanswered.set(1);
    AccountingSession session = session(1);
    exchange().add(record(Status.ON, null));
    exchange().add(record(Status.START, session));
    exchange().add(record(Status.INTERIM, session));
    exchange().add(record(Status.STOP, session));
    turn(0);
    turn(0);
    assertThat(statuses()).as("nothing before the interface is on").containsExactly(7);
    turnUntilConfirmed(1000);
    assertThat(statuses()).containsExactly(7, 7, 1, 3, 2);
  }

  @Test
  void shouldHaveManyUnderWay() {
    server().unanswered.set(Integer.MAX_VALUE);
    for (int i = 1; i <= 100; i++) {
      exchange().add(record(Status.START, session(i)));
    }
    turn(0);
    turn(0);
    server().unanswered.set(0);
    assertThat(exchange().unconfirmed()).isEqualTo(100);
    assertThat(server().told.size()).isLessThanOrEqualTo(RadiusExchange.MAX_UNDER_WAY);
    turnUntilConfirmed(500);
    assertThat(exchange().acknowledged()).isEqualTo(100);
  }

  @Test
  void shouldTakeNoAnswerThatIsNotSigned() {
    server().answerSecret = "another".getBytes(US_ASCII);
    exchange().add(record(Status.START, session(1)));
    while (exchange().refusedAnswers() == 0) {
      turn(0);
    }
    assertThat(exchange().unconfirmed()).isEqualTo(1);
    server().answerSecret = SECRET;
    turnUntilConfirmed(1000);
    assertThat(exchange().acknowledged()).isEqualTo(1);
  }

  @Test
  void shouldKeepNoMoreThanItsBoundAndCountTheRest() {
    AccountingSession session = session(1);
    int interims = RadiusExchange.MAX_WAITING / 2;
    for (int i = 0; i < interims + 10; i++) {
      exchange().add(record(Status.INTERIM, session));
    }
    assertThat(exchange().unconfirmed()).isEqualTo(interims);
    assertThat(exchange().dropped()).isEqualTo(10);
    for (int i = 0; i < interims + 5; i++) {
      exchange().add(record(Status.STOP, session));
    }
    assertThat(exchange().unconfirmed()).isEqualTo(RadiusExchange.MAX_WAITING);
    assertThat(exchange().dropped()).isEqualTo(15);
    exchange().dropAll();
    assertThat(exchange().unconfirmed()).isZero();
    assertThat(exchange().dropped()).isEqualTo(15 + RadiusExchange.MAX_WAITING);
  }

  @Test
  void shouldGiveInterimsUpSoonAndEndsLate() {
    server().close(); // nobody is there, and the kernel says so
    exchange().add(record(Status.INTERIM, session(1)));
    exchange().add(record(Status.STOP, session(2)));
    for (int i = 0; i < 10; i++) {
      turn(10_000);
    }
    assertThat(exchange().isSilent()).isTrue();
    assertThat(exchange().dropped()).isEqualTo(1);
    for (int i = 0; i < 10; i++) {
      turn(360_000);
    }
    assertThat(exchange().dropped()).isEqualTo(2);
    assertThat(exchange().unconfirmed()).isZero();
  }

  @Test
  void shouldWorkOffWhatWaitedWhenTheServerIsBack() {
    server().unanswered.set(Integer.MAX_VALUE);
    List<AccountingSession> sessions = new ArrayList<>();
    for (int i = 1; i <= 20; i++) {
      sessions.add(session(i));
      exchange().add(record(Status.START, sessions.getLast()));
    }
    for (int i = 0; i < 30; i++) {
      turn(10_000);
    }
    assertThat(exchange().isSilent()).isTrue();
    server().unanswered.set(0);
    turnUntilConfirmed(10_000);
    assertThat(exchange().isSilent()).isFalse();
    assertThat(exchange().acknowledged()).isEqualTo(20);
    assertThat(exchange().dropped()).isZero();
  }
}
