package io.wgnetty.shard;

import static io.wgnetty.handshake.HandshakeAdmission.Decision.DROP_BAD_MAC1;
import static io.wgnetty.handshake.HandshakeAdmission.Decision.DROP_QUEUE_FULL;
import static io.wgnetty.handshake.HandshakeAdmission.Decision.DROP_RATE_LIMITED;
import static io.wgnetty.handshake.HandshakeAdmission.Decision.PROCESS;
import static io.wgnetty.handshake.HandshakeAdmission.Decision.PROCESS_PROVEN;
import static io.wgnetty.handshake.HandshakeAdmission.Decision.REPLY_WITH_COOKIE;
import static io.wgnetty.shard.TestNetwork.MS;
import static io.wgnetty.shard.TestNetwork.SECOND;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.counters.DropReason;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.protocol.CookieChecker;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Protocol 2.7, with the rule of ours that load is a matter of the source. */
class HandshakeAdmissionTest extends PairTest {
  private static final Endpoint SOURCE = TestNetwork.place(50);

  /** The share of one worker, and what is saved up of it: protocol 2.7 in our numbers. */
  private static final long WORK_OF_A_SECOND_NS = SECOND / 4;

  private static final long SAVED_NS = WORK_OF_A_SECOND_NS / 4;

  private final HandshakeLimits limits = HandshakeLimits.of(1, new SplittableRandom(4));
  private final HandshakeAdmission admission = admission();
  private final CookieJar jar = new CookieJar(new RemoteIdentity(bob.identity().publicKey()));

  /** One loop's; all have the same limits. */
  private HandshakeAdmission admission() {
    return new HandshakeAdmission(
        new CookieChecker(
            bob.identity(),
            AeadProviders.named("jdk").create(),
            new SplittableRandom(3),
            limits.secrets()),
        limits);
  }

  /** Forged initiations used most of what strangers may have. */
  private void makeScarce(long nowNs) {
    limits.strangers().charge(SAVED_NS * 3 / 4, nowNs);
  }

  /** They used up all of it, and more. */
  private void exhaust(long nowNs) {
    limits.strangers().charge(SECOND, nowNs);
  }

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
    exhaust(0);
    assertThat(admission.decide(message, SOURCE, 0, 0)).isEqualTo(DROP_BAD_MAC1);
    assertThat(admission.isUnderLoad(0)).as("it is not even looked at").isFalse();
  }

  @Test
  void shouldProcessWithoutLoadAndIgnoreMac2() {
    byte[] message = message(0);
    message[message.length - 1] ^= 1;
    for (int i = 0; i < 100_000; i++) {
      assertThat(admission.decide(message, SOURCE, 0, 0)).isEqualTo(PROCESS);
    }
    assertThat(admission.isUnderLoad(0)).as("many that come to something are no load").isFalse();
  }

  @Test
  void shouldServeAModestSourceUnderLoadWithoutACookie() {
    makeScarce(0);
    assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(PROCESS);
    assertThat(admission.isUnderLoad(0)).isTrue();
  }

  @Test
  void shouldAskASourceForACookieOnceItExceedsItsRateUnderLoad() {
    Endpoint attacker = TestNetwork.place(66);
    int processed = 0;
    for (int i = 0; i < 1000; i++) {
      limits.strangers().charge(MS, i * MS);
      if (i == 0) {
        makeScarce(0);
      }
      HandshakeAdmission.Decision decision = admission.decide(message(0), attacker, 0, i * MS);
      assertThat(decision).isIn(PROCESS, REPLY_WITH_COOKIE);
      processed += decision == PROCESS ? 1 : 0;
    }
    assertThat(processed).as("5 at once and 20 a second at most").isBetween(5, 25);
  }

  @Test
  void shouldCountASourceOnceHoweverManyLoopsItReaches() {
    makeScarce(0);
    List<HandshakeAdmission> loops = List.of(admission(), admission(), admission(), admission());
    int processed = 0;
    for (int i = 0; i < 100; i++) {
      boolean isServed = loops.get(i % 4).decide(message(0), SOURCE, 0, 0) == PROCESS;
      processed += isServed ? 1 : 0;
    }
    assertThat(processed).isEqualTo(5);
  }

  @Test
  void shouldAskEveryoneForACookieWhenStrangersHaveHadTheirShare() {
    exhaust(0);
    for (int i = 0; i < 200; i++) {
      assertThat(admission.decide(message(0), TestNetwork.place(i), 0, 0))
          .isEqualTo(REPLY_WITH_COOKIE);
    }
  }

  @Test
  void shouldComputeNothingForWhatCouldNotBeQueued() {
    byte[] bad = message(0);
    bad[20] ^= 1;
    int full = HandshakeLanes.INCOMING_CAPACITY;
    assertThat(admission.decide(bad, SOURCE, full, 0)).isEqualTo(DROP_QUEUE_FULL);
    assertThat(admission.decide(message(0), SOURCE, full - 1, 0)).isEqualTo(PROCESS);
  }

  @Test
  void shouldLetNobodyWaitBehindForgedSourcesForLong() {
    fetchCookie(0);
    makeScarce(0);
    byte[] proven = message(0);
    byte[] unproven = proven.clone();
    unproven[unproven.length - 1] ^= 1;
    assertThat(admission.decide(unproven, SOURCE, 100, 0)).isEqualTo(PROCESS);
    assertThat(admission.decide(unproven, SOURCE, 1000, 0)).isEqualTo(REPLY_WITH_COOKIE);
    int full = HandshakeLanes.INCOMING_CAPACITY;
    assertThat(admission.decide(unproven, SOURCE, full, 0)).isEqualTo(REPLY_WITH_COOKIE);
    assertThat(admission.decide(proven, SOURCE, full, 0)).isEqualTo(PROCESS_PROVEN);
  }

  @Test
  void shouldSpendNoMoreThanTheirShareOnForgedSources() {
    long workNs = 50_000;
    int processed = 0;
    for (int i = 0; i < 200_000; i++) { // 20,000 a second, each from somewhere else
      long nowNs = i * 50_000L;
      byte[] address = {10, (byte) (i >> 16), (byte) (i >> 8), (byte) i};
      if (admission.decide(message(0), Endpoint.of(address, 1, 0), 0, nowNs) == PROCESS) {
        limits.strangers().charge(workNs, nowNs);
        processed++;
      }
    }
    assertThat(processed * workNs)
        .as("computed for them in ten seconds")
        .isBetween(9 * WORK_OF_A_SECOND_NS, 10 * WORK_OF_A_SECOND_NS + SAVED_NS + workNs);
  }

  @Test
  void shouldSendABoundedNumberOfCookies() {
    exhaust(0);
    int sent = 0;
    for (int i = 0; i < 100_000; i++) {
      if (admission.decide(message(0), SOURCE, 0, 0) == REPLY_WITH_COOKIE) {
        admission.cookieReply(message(0), SOURCE, 0);
        sent++;
      }
    }
    assertThat(sent).as("20,000 a second, and those of a tenth of a second").isBetween(1990, 2010);
    assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(DROP_RATE_LIMITED);
  }

  @Test
  void shouldProcessAMessageWithTheCookieInTheWorstFlood() {
    fetchCookie(0);
    exhaust(0);
    assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(PROCESS_PROVEN);
  }

  @Test
  void shouldNotTakeACookieOfAnotherAddressOrPort() {
    fetchCookie(0);
    exhaust(0);
    byte[] message = message(0);
    assertThat(admission.decide(message, TestNetwork.place(51), 0, 0)).isEqualTo(REPLY_WITH_COOKIE);
    Endpoint otherPort = Endpoint.of(SOURCE.addressBytes(), SOURCE.port() + 1, 0);
    assertThat(admission.decide(message, otherPort, 0, 0)).isEqualTo(REPLY_WITH_COOKIE);
    message[message.length - 1] ^= 1;
    assertThat(admission.decide(message, SOURCE, 0, 0)).isEqualTo(REPLY_WITH_COOKIE);
  }

  @Test
  void shouldTakeACookieThatAnotherLoopGave() {
    fetchCookie(0);
    exhaust(0);
    assertThat(admission().decide(message(0), SOURCE, 0, 0)).isEqualTo(PROCESS_PROVEN);
  }

  @Test
  void shouldNotTakeACookieOfAnOldSecret() {
    fetchCookie(0);
    byte[] message = message(119 * SECOND - 5 * SECOND);
    exhaust(120 * SECOND - 1);
    assertThat(admission.decide(message, SOURCE, 0, 120 * SECOND - 1)).isEqualTo(PROCESS_PROVEN);
    assertThat(admission.decide(message, SOURCE, 0, 120 * SECOND)).isEqualTo(REPLY_WITH_COOKIE);
  }

  @Test
  void shouldLimitTheRateOfAProvenSource() {
    fetchCookie(0);
    exhaust(0);
    for (int i = 0; i < 5; i++) {
      assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(PROCESS_PROVEN);
    }
    assertThat(admission.decide(message(0), SOURCE, 0, 0)).isEqualTo(DROP_RATE_LIMITED);
    assertThat(admission.decide(message(0), SOURCE, 0, 50 * MS)).isEqualTo(PROCESS_PROVEN);
    assertThat(admission.decide(message(0), SOURCE, 0, 50 * MS)).isEqualTo(DROP_RATE_LIMITED);
  }

  @Test
  void shouldNotLetForgedMessagesUseUpTheRateOfAProvenSource() {
    fetchCookie(0);
    makeScarce(0);
    byte[] proven = message(0);
    byte[] forged = proven.clone();
    forged[forged.length - 1] ^= 1;
    for (int i = 0; i < 100; i++) {
      admission.decide(forged, SOURCE, 0, 0);
    }
    assertThat(admission.decide(proven, SOURCE, 0, 0)).isEqualTo(PROCESS_PROVEN);
  }

  @Test
  void shouldStayUnderLoadForASecondAfterItWasScarce() {
    assertThat(admission.isUnderLoad(0)).isFalse();
    makeScarce(0);
    admission.decide(message(0), SOURCE, 0, 0);
    assertThat(admission.isUnderLoad(SECOND - 1)).isTrue();
    assertThat(admission.isUnderLoad(SECOND)).isFalse();
    for (int i = 0; i < 10; i++) {
      assertThat(admission.decide(message(0), SOURCE, 0, SECOND)).isEqualTo(PROCESS);
    }
  }

  @Test
  void shouldChargeStrangersForWhatComesToNothingAndNobodyForHandshakes() {
    connect();
    assertThat(bob.strangers().isScarce(network.nowNs())).isFalse();
    bob.holdJobs();
    network.deliver(last(alice, Messages.INITIATION)); // a replay
    HandshakeJob job = bob.jobs().remove();
    job.run(bob.crypto());
    job.took(SECOND, network.nowNs());
    assertThat(bob.strangers().isScarce(network.nowNs())).as("it could be opened").isFalse();
    bob.complete(job);
    assertThat(bob.strangers().isScarce(network.nowNs())).as("but is of no use").isTrue();
  }

  @Test
  void shouldCompleteAHandshakeWithACookieWhenTheResponderIsUnderLoad() {
    bob.exhaustStrangers();
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
  void shouldTakeTheResponseToItsOwnAttemptWhateverTheLoad() {
    alice.exhaustStrangers();
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.log()).extracting(TestNetwork.Datagram::type).containsExactly(1, 2, 4);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldIgnoreCookiesThatNobodyAskedFor() {
    bob.exhaustStrangers();
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
    bob.exhaustStrangers();
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
