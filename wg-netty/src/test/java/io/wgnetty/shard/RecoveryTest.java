package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every timer is made to fire while what it wants is not possible, and every refusal is lifted
 * again: what was off has to come back by itself.
 */
class RecoveryTest {
  private static final byte[] PACKET = {1, 2, 3};
  private static final int KEEPALIVE_SECONDS = 25;
  private static final long MAX_JITTER = Timings.STANDARD.maxJitterNs();

  /** What can fail at alice, who keeps bob alive. */
  enum Failure {
    SOCKETS_REFUSE,
    WORKERS_ARE_FULL,
    WORKERS_LOSE_JOBS,
    THERE_IS_NO_KEY,
    LINK_IS_DOWN;

    void set(TestNode node, boolean on) {
      switch (this) {
        case SOCKETS_REFUSE -> node.refuseDatagrams(on);
        case WORKERS_ARE_FULL -> node.refuseJobs(on);
        case WORKERS_LOSE_JOBS -> node.loseJobs(on);
        case THERE_IS_NO_KEY -> node.shard().setIdentity(on ? null : node.identity());
        case LINK_IS_DOWN -> {
          if (on) {
            node.shard().down();
          } else {
            node.shard().up(node.nowNs());
          }
        }
      }
    }
  }

  private final TestNetwork network = new TestNetwork();
  private final TestNode alice = network.node(1);
  private final TestNode bob = network.node(2);
  private final Peer toBob = alice.meet(bob);
  private final Peer toAlice = bob.meet(alice);

  private void connect() {
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  private long heardAgoNs() {
    return network.nowNs() - toAlice.heardNs();
  }

  /** Bob hears of alice within the interval, and what a handshake may take that just failed. */
  private void assertKeptAlive() {
    network.advance(KEEPALIVE_SECONDS * SECOND + 5 * SECOND + MAX_JITTER);
    assertThat(heardAgoNs()).isLessThanOrEqualTo((KEEPALIVE_SECONDS + 6) * SECOND);
    network.advance(600 * SECOND);
    assertThat(heardAgoNs())
        .as("and goes on")
        .isLessThanOrEqualTo((KEEPALIVE_SECONDS + 6) * SECOND);
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void shouldKeepAliveAgainAfterAShortFailure(Failure failure) {
    connect();
    alice.shard().setKeepalive(toBob, KEEPALIVE_SECONDS, network.nowNs());
    failure.set(alice, true);
    network.advance(60 * SECOND); // the keepalive is due meanwhile
    failure.set(alice, false);
    assertKeptAlive();
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void shouldKeepAliveAgainAfterALongFailure(Failure failure) {
    connect();
    alice.shard().setKeepalive(toBob, KEEPALIVE_SECONDS, network.nowNs());
    failure.set(alice, true);
    network.advance(3_600 * SECOND); // the session is gone, all attempts are used up
    failure.set(alice, false);
    assertKeptAlive();
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void shouldKeepAliveWhoWasAddedDuringAFailure(Failure failure) {
    failure.set(alice, true);
    alice.shard().setKeepalive(toBob, KEEPALIVE_SECONDS, network.nowNs());
    network.advance(300 * SECOND);
    failure.set(alice, false);
    assertKeptAlive();
  }

  @ParameterizedTest
  @EnumSource(Failure.class)
  void shouldDeliverAgainAfterAFailureDuringAHandshake(Failure failure) {
    failure.set(alice, true);
    alice.send(toBob, PACKET);
    network.advance(12 * SECOND);
    failure.set(alice, false);
    network.advance(5 * SECOND + MAX_JITTER);
    alice.send(toBob, PACKET);
    network.advance(5 * SECOND + MAX_JITTER);
    assertThat(bob.delivered()).isNotEmpty();
  }

  @Test
  void shouldNotCountAttemptsThatNeverLeft() {
    alice.refuseJobs(true);
    alice.send(toBob, PACKET);
    network.advance(200 * SECOND); // longer than all attempts together
    assertThat(network.initiationsOf(alice)).isZero();
    assertThat(toBob.staged().size()).as("it was not given up").isEqualTo(1);
    assertThat(toBob.handshakeAttempt()).isZero();
    alice.refuseJobs(false);
    network.advance(5 * SECOND + MAX_JITTER);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldNotCountAttemptsThatWereLostAtAWorker() {
    alice.loseJobs(true);
    alice.send(toBob, PACKET);
    network.advance(200 * SECOND);
    assertThat(toBob.staged().size()).as("it was not given up").isEqualTo(1);
    alice.loseJobs(false);
    network.advance(5 * SECOND + MAX_JITTER);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldSendThePassiveKeepaliveAgainAfterOneWasRefused() {
    connect();
    bob.send(toAlice, PACKET);
    network.settle();
    alice.refuseDatagrams(true);
    network.advance(11 * SECOND); // the passive keepalive is due meanwhile
    alice.refuseDatagrams(false);
    bob.send(toAlice, PACKET);
    network.advance(10 * SECOND);
    assertThat(heardAgoNs()).isLessThan(10 * SECOND);
  }

  @Test
  void shouldBeginANewHandshakeAgainAfterOneWasRefused() {
    connect();
    network.lose(datagram -> datagram.type() == Messages.TRANSPORT);
    network.advance(SECOND);
    alice.send(toBob, PACKET);
    alice.refuseJobs(true);
    network.advance(16 * SECOND); // nothing came back: the handshake is due meanwhile
    alice.refuseJobs(false);
    network.advance(5 * SECOND + MAX_JITTER);
    assertThat(network.initiationsOf(alice)).isEqualTo(2);
  }

  @Test
  void shouldWipeKeysThoughNothingElseWorks() {
    connect();
    alice.refuseDatagrams(true);
    alice.refuseJobs(true);
    network.advance(541 * SECOND);
    assertThat(alice.shard().state().keySlab().inUse()).isZero();
  }

  @Test
  void shouldTryAgainAfterGivingUp() {
    alice.shard().setKeepalive(toBob, KEEPALIVE_SECONDS, network.nowNs());
    network.lose(datagram -> true);
    network.advance(1_000 * SECOND);
    assertThat(alice.events().take()).anyMatch(event -> event.startsWith("given up"));
    network.loseNothing();
    assertKeptAlive();
  }

  @Test
  void shouldCallAgainAfterItsKeyWasWipedDuringAnAttempt() {
    alice.holdJobs();
    alice.send(toBob, PACKET);
    LocalIdentity old = alice.identity();
    bob.meet(alice.changeIdentity().publicKey());
    old.privateKey().wipe();
    alice.releaseJobs(); // computes with the wiped key, which leads to nothing
    network.settle();
    alice.send(toBob, PACKET);
    network.advance(5 * SECOND + MAX_JITTER);
    assertThat(bob.delivered()).isNotEmpty();
  }

  @Test
  void shouldNeverCallAPeerWhoseKeyIsOfLowOrder() {
    Peer nobody = alice.meet(PublicKey.of(new byte[PublicKey.BYTES]));
    nobody.setEndpoint(bob.place());
    alice.shard().setKeepalive(nobody, 1, network.nowNs());
    network.advance(SECOND);
    int jobs = alice.jobsTaken();
    network.advance(100 * SECOND);
    assertThat(alice.jobsTaken()).isEqualTo(jobs);
    assertThat(network.initiationsOf(alice)).isZero();
  }
}
