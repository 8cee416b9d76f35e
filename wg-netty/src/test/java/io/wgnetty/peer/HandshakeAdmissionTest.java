package io.wgnetty.peer;

import static io.wgnetty.peer.HandshakeAdmission.Decision.DROP_BAD_MAC1;
import static io.wgnetty.peer.HandshakeAdmission.Decision.DROP_RATE_LIMITED;
import static io.wgnetty.peer.HandshakeAdmission.Decision.PROCESS;
import static io.wgnetty.peer.HandshakeAdmission.Decision.REPLY_WITH_COOKIE;
import static io.wgnetty.peer.TestNetwork.MS;
import static io.wgnetty.peer.TestNetwork.SECOND;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.AeadProviders;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Protocol 2.7, with the rule of ours that load is a matter of the source. */
class HandshakeAdmissionTest extends PairTest {
  private static final int CAPACITY = 64;
  private static final int LOADED = CAPACITY / 8;
  private static final int FLOODED = CAPACITY / 2;
  private static final int MAX_SOURCES = 100;
  private static final Endpoint SOURCE = TestNetwork.place(50);

  private final HandshakeAdmission admission =
      new HandshakeAdmission(
          new CookieChecker(
              bob.identity(), AeadProviders.named("jdk").create(), new SplittableRandom(3)),
          CAPACITY,
          MAX_SOURCES,
          new SplittableRandom(4));
  private final CookieJar jar = new CookieJar(new RemoteIdentity(bob.identity().publicKey()));

  /** An initiation with good macs as far as the jar can make them. */
  private byte[] message(long nowNs) {
    byte[] message = new byte[Messages.INITIATION_BYTES];
    message[0] = Messages.INITIATION;
    jar.stamp(message, nowNs);
    return message;
  }

  /** Puts the cookie for {@link #SOURCE} into the jar. */
  private void fetchCookie(long nowNs) {
    byte[] reply = admission.cookieReply(message(nowNs), SOURCE, nowNs);
    assertThat(reply).hasSize(Messages.COOKIE_REPLY_BYTES);
    CookieReplyMessage parsed = (CookieReplyMessage) requireNonNull(HandshakeMessage.parse(reply));
    assertThat(jar.consume(parsed, AeadProviders.named("jdk").create(), nowNs)).isTrue();
  }

  @Test
  void shouldDropABadMac1WhateverTheLoad() {
    byte[] message = message(0);
    message[20] ^= 1;
    assertThat(admission.decide(message, SOURCE, 0, 0)).isEqualTo(DROP_BAD_MAC1);
    assertThat(admission.decide(message, SOURCE, 0, CAPACITY)).isEqualTo(DROP_BAD_MAC1);
    assertThat(admission.isUnderLoad(0)).as("it is not even looked at").isFalse();
  }

  @Test
  void shouldProcessWithoutLoadAndIgnoreMac2() {
    byte[] message = message(0);
    message[message.length - 1] ^= 1;
    for (int i = 0; i < 100; i++) {
      assertThat(admission.decide(message, SOURCE, 0, LOADED - 1)).isEqualTo(PROCESS);
    }
  }

  @Test
  void shouldServeAModestSourceUnderLoadWithoutACookie() {
    assertThat(admission.decide(message(0), SOURCE, 0, LOADED)).isEqualTo(PROCESS);
  }

  @Test
  void shouldAskASourceForACookieOnceItExceedsItsRateUnderLoad() {
    Endpoint attacker = TestNetwork.place(66);
    int processed = 0;
    for (int i = 0; i < 1000; i++) {
      HandshakeAdmission.Decision decision =
          admission.decide(message(0), attacker, i * MS, LOADED + 1);
      assertThat(decision).isIn(PROCESS, REPLY_WITH_COOKIE);
      processed += decision == PROCESS ? 1 : 0;
    }
    assertThat(processed).as("5 at once and 20 a second").isBetween(23, 25);
    assertThat(admission.decide(message(0), SOURCE, 999 * MS, LOADED + 1))
        .as("the others do not suffer")
        .isEqualTo(PROCESS);
  }

  @Test
  void shouldAskEveryoneForACookieWhenTheQueueIsHalfFull() {
    for (int i = 0; i < 200; i++) {
      assertThat(admission.decide(message(0), TestNetwork.place(i), 0, FLOODED))
          .isEqualTo(REPLY_WITH_COOKIE);
    }
  }

  @Test
  void shouldAskEveryoneForACookieWhenSourcesAreTooManyToRemember() {
    for (int i = 0; i < MAX_SOURCES; i++) {
      assertThat(admission.decide(message(0), TestNetwork.place(i), 0, LOADED)).isEqualTo(PROCESS);
    }
    assertThat(admission.decide(message(0), TestNetwork.place(MAX_SOURCES), 0, LOADED))
        .isEqualTo(REPLY_WITH_COOKIE);
  }

  @Test
  void shouldProcessAMessageWithTheCookieInTheWorstFlood() {
    fetchCookie(0);
    assertThat(admission.decide(message(0), SOURCE, 0, CAPACITY)).isEqualTo(PROCESS);
  }

  @Test
  void shouldNotTakeACookieOfAnotherAddressOrPort() {
    fetchCookie(0);
    byte[] message = message(0);
    assertThat(admission.decide(message, TestNetwork.place(51), 0, CAPACITY))
        .isEqualTo(REPLY_WITH_COOKIE);
    Endpoint otherPort = Endpoint.of(SOURCE.addressBytes(), SOURCE.port() + 1, 0);
    assertThat(admission.decide(message, otherPort, 0, CAPACITY)).isEqualTo(REPLY_WITH_COOKIE);
    message[message.length - 1] ^= 1;
    assertThat(admission.decide(message, SOURCE, 0, CAPACITY)).isEqualTo(REPLY_WITH_COOKIE);
  }

  @Test
  void shouldNotTakeACookieOfAnOldSecret() {
    fetchCookie(0);
    byte[] message = message(119 * SECOND - 5 * SECOND);
    assertThat(admission.decide(message, SOURCE, 120 * SECOND - 1, CAPACITY)).isEqualTo(PROCESS);
    assertThat(admission.decide(message, SOURCE, 120 * SECOND, CAPACITY))
        .isEqualTo(REPLY_WITH_COOKIE);
  }

  @Test
  void shouldLimitTheRateOfAProvenSource() {
    fetchCookie(0);
    for (int i = 0; i < 5; i++) {
      assertThat(admission.decide(message(0), SOURCE, 0, CAPACITY)).isEqualTo(PROCESS);
    }
    assertThat(admission.decide(message(0), SOURCE, 0, CAPACITY)).isEqualTo(DROP_RATE_LIMITED);
    assertThat(admission.decide(message(0), SOURCE, 50 * MS, CAPACITY)).isEqualTo(PROCESS);
    assertThat(admission.decide(message(0), SOURCE, 50 * MS, CAPACITY))
        .isEqualTo(DROP_RATE_LIMITED);
  }

  @Test
  void shouldNotLetForgedMessagesUseUpTheRateOfAProvenSource() {
    fetchCookie(0);
    byte[] proven = message(0);
    byte[] forged = proven.clone();
    forged[forged.length - 1] ^= 1;
    for (int i = 0; i < 100; i++) {
      admission.decide(forged, SOURCE, 0, LOADED);
    }
    assertThat(admission.decide(proven, SOURCE, 0, LOADED)).isEqualTo(PROCESS);
  }

  @Test
  void shouldStayUnderLoadForASecond() {
    assertThat(admission.isUnderLoad(0)).isFalse();
    admission.decide(message(0), SOURCE, 0, FLOODED);
    assertThat(admission.isUnderLoad(SECOND - 1)).isTrue();
    assertThat(admission.isUnderLoad(SECOND)).isFalse();
    for (int i = 0; i < 10; i++) {
      assertThat(admission.decide(message(0), SOURCE, SECOND, 0)).isEqualTo(PROCESS);
    }
  }

  @Test
  void shouldStillAskTheGreedyForACookieWhileTheLoadIsRemembered() {
    admission.decide(message(0), SOURCE, 0, LOADED);
    for (int i = 0; i < 4; i++) {
      assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(PROCESS);
    }
    assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(REPLY_WITH_COOKIE);
  }

  @Test
  void shouldCompleteAHandshakeWithACookieWhenTheResponderIsUnderLoad() {
    bob.pretendQueue(TestNode.QUEUE_CAPACITY);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsExactly(1, 3);
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
    network.advance(5 * SECOND - 1);
    assertThat(network.log()).as("a cookie does not hurry the timer").hasSize(2);
    network.advance(SECOND);
    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsExactly(1, 3, 1, 2, 4);
    assertThat(bob.delivered()).hasSize(1);
    assertThat(toAlice.receivedBytes()).as("the first initiation was not accepted").isEqualTo(148);
    assertThat(toAlice.sentBytes()).as("cookie replies are not counted").isEqualTo(92);
  }

  @Test
  void shouldCompleteAHandshakeWithACookieWhenTheInitiatorIsUnderLoad() {
    alice.pretendQueue(TestNode.QUEUE_CAPACITY);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsExactly(1, 2, 3);
    network.advance(6 * SECOND);
    assertThat(network.log())
        .extracting(TestNetwork.Datagram::type)
        .containsExactly(1, 2, 3, 1, 2, 4);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldIgnoreCookiesThatNobodyAskedFor() {
    bob.pretendQueue(TestNode.QUEUE_CAPACITY);
    alice.send(toBob, PACKET);
    network.settle();
    TestNetwork.Datagram reply = last(bob, Messages.COOKIE_REPLY);
    network.deliver(reply);
    assertThat(alice.drops(DropReason.HANDSHAKE_UNEXPECTED)).as("one for one mac1").isEqualTo(1);
    network.deliver(reply.damaged(4));
    assertThat(alice.drops(DropReason.HANDSHAKE_UNEXPECTED)).as("unknown index").isEqualTo(2);
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldIgnoreForgedCookiesAndTakeTheGenuineOne() {
    bob.pretendQueue(TestNode.QUEUE_CAPACITY);
    network.lose(datagram -> datagram.type() == Messages.COOKIE_REPLY);
    alice.send(toBob, PACKET);
    network.settle();
    TestNetwork.Datagram reply = last(bob, Messages.COOKIE_REPLY);
    network.deliver(reply.damaged(40).from(TestNetwork.place(66)));
    assertThat(alice.drops(DropReason.HANDSHAKE_UNEXPECTED)).isEqualTo(1);
    assertThat(toBob.endpoint()).isEqualTo(bob.place());
    network.deliver(reply);
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }
}
