package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.wgnetty.VectorFile;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerTimers;
import io.wgnetty.peer.StagedQueue;
import io.wgnetty.protocol.Messages;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys, peers and the link that change while handshakes and sessions are under way. */
class ConfigurationChangeTest extends PairTest {
  private static PresharedKey psk(long seed) {
    return PresharedKey.generate(new SplittableRandom(seed));
  }

  @Test
  void shouldStopSendingButGoOnReceivingWhenThePrivateKeyChanges() {
    connect();
    alice.changeIdentity();
    assertThat(alice.shard().transport().sendingSession(toBob, network.nowNs())).isNull();
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(alice.delivered()).hasSize(2);
  }

  @Test
  void shouldInitiateAtOnceWithANewPrivateKey() {
    connect();
    Peer toNewAlice = bob.meet(alice.changeIdentity().publicKey());
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).as("in spite of the 5 s").isEqualTo(2);
    assertThat(bob.delivered()).hasSize(2);
    assertThat(toNewAlice.slots().current()).isNotNull();
    assertThat(toNewAlice.endpoint()).isEqualTo(alice.place());
  }

  @Test
  void shouldEndTheAttemptInProgressWhenThePrivateKeyChanges() {
    network.lose(datagram -> datagram.type() == Messages.RESPONSE);
    alice.send(toBob, PACKET);
    network.settle();
    Peer toNewAlice = bob.meet(alice.changeIdentity().publicKey());
    assertThat(alice.shard().state().indices().size()).isZero();
    network.deliver(last(bob, Messages.RESPONSE));
    network.settle();
    assertThat(toBob.slots().current()).isNull();
    network.loseNothing();
    network.advance(6 * SECOND);
    assertThat(toNewAlice.slots().current()).as("the timer went on").isNotNull();
    assertThat(bob.delivered()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldDiscardAnInitiationMadeWithTheOldKey(boolean computedBefore) {
    alice.holdJobs();
    alice.send(toBob, PACKET);
    HandshakeJob job = alice.jobs().remove();
    if (computedBefore) {
      job.run(alice.crypto());
    }
    alice.changeIdentity();
    if (!computedBefore) {
      job.run(alice.crypto());
    }
    alice.complete(job);
    assertThat(network.log()).isEmpty();
    assertThat(alice.shard().state().indices().size()).isZero();
  }

  @Test
  void shouldDiscardAnAnswerMadeWithTheOldKey() {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.complete(opening);
    HandshakeJob answering = bob.jobs().remove();
    answering.run(bob.crypto());
    bob.changeIdentity();
    bob.complete(answering);
    assertThat(responsesOf(bob)).isZero();
    assertThat(bob.shard().state().keySlab().inUse()).isZero();
    assertThat(bob.shard().state().indices().size()).isZero();
  }

  @Test
  void shouldRefuseAnInitiationOpenedWithTheOldKey() {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.changeIdentity();
    bob.complete(opening);
    assertThat(bob.jobs()).isEmpty();
    assertThat(bob.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
    assertThat(toAlice.handshake().greatestTimestamp()).isNull();
  }

  @Test
  void shouldAgreeOnlyWithTheSamePresharedKey() {
    toBob.setPresharedKey(psk(1));
    alice.send(toBob, PACKET);
    network.advance(12 * SECOND);
    assertThat(toBob.slots().current()).isNull();
    assertThat(toAlice.slots().next()).as("the responder can not know").isNotNull();
    assertThat(alice.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(3);
    toAlice.setPresharedKey(psk(1));
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldStartOverWhenThePresharedKeyChangesWhileTheInitiatorComputes(boolean computedBefore) {
    alice.send(toBob, PACKET);
    alice.work();
    alice.holdJobs();
    network.settle();
    HandshakeJob consuming = alice.jobs().remove();
    if (computedBefore) {
      consuming.run(alice.crypto());
    }
    toBob.setPresharedKey(psk(1));
    toAlice.setPresharedKey(psk(1));
    if (!computedBefore) {
      consuming.run(alice.crypto());
    }
    alice.complete(consuming);
    assertThat(toBob.slots().current()).isNull();
    alice.releaseJobs();
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldStartOverWhenThePresharedKeyChangesWhileTheResponderComputes(boolean computedBefore) {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.complete(opening);
    HandshakeJob answering = bob.jobs().remove();
    if (computedBefore) {
      answering.run(bob.crypto());
    }
    toBob.setPresharedKey(psk(1));
    toAlice.setPresharedKey(psk(1));
    if (!computedBefore) {
      answering.run(bob.crypto());
    }
    bob.complete(answering);
    assertThat(responsesOf(bob)).isZero();
    assertThat(bob.shard().state().indices().size()).isZero();
    bob.releaseJobs();

    // Bob must be able to begin by himself: alice may be silent for ever.
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(network.initiationsOf(bob)).isEqualTo(1);
    network.advance(12 * SECOND);
    assertThat(alice.delivered()).hasSize(1);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldNotStartOverWhenThePresharedKeyIsSetToWhatItIs() {
    toBob.setPresharedKey(psk(1));
    toAlice.setPresharedKey(psk(1));
    alice.send(toBob, PACKET);
    alice.work();
    alice.holdJobs();
    network.settle();
    toBob.setPresharedKey(psk(1));
    alice.releaseJobs();
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldKeepTheSessionWhenThePresharedKeyChanges() {
    connect();
    toBob.setPresharedKey(psk(1));
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).hasSize(2);
  }

  /** At which of the four steps of a handshake a peer is removed. */
  enum Step {
    CREATE_INITIATION,
    OPEN_INITIATION,
    CREATE_RESPONSE,
    CONSUME_RESPONSE
  }

  static Stream<Arguments> removals() {
    return Stream.of(Step.values())
        .flatMap(step -> Stream.of(true, false).map(early -> Arguments.of(step, early)));
  }

  @ParameterizedTest
  @MethodSource("removals")
  void shouldLeaveNothingWhenAPeerIsRemovedWhileAWorkerIsBusy(Step step, boolean computedBefore) {
    TestNode node = step == Step.CREATE_INITIATION || step == Step.CONSUME_RESPONSE ? alice : bob;
    Peer peer = node == alice ? toBob : toAlice;
    alice.send(toBob, PACKET);
    if (step != Step.CREATE_INITIATION) {
      alice.work();
      alice.holdJobs();
      bob.holdJobs();
      network.settle();
    }
    if (step == Step.CREATE_RESPONSE) {
      HandshakeJob opening = bob.jobs().remove();
      opening.run(bob.crypto());
      bob.complete(opening);
    } else if (step == Step.CONSUME_RESPONSE) {
      bob.releaseJobs();
      network.settle();
    }
    assertThat(node.jobs()).hasSize(1);
    HandshakeJob job = node.jobs().remove();
    int sentBefore = network.log().size();
    if (computedBefore) {
      job.run(node.crypto());
    }
    node.forget(peer);
    if (!computedBefore) {
      job.run(node.crypto());
    }
    node.complete(job);
    assertThat(node.shard().state().keySlab().inUse()).isZero();
    assertThat(node.shard().state().indices().size()).isZero();
    assertThat(node.shard().nextDeadlineNs()).isEqualTo(PeerTimers.NEVER);
    assertThat(node.jobs()).isEmpty();
    assertThat(network.log()).hasSize(sentBefore);
  }

  @Test
  void shouldDropWhatIsSentToARemovedPeer() {
    connect();
    bob.forget(toAlice);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(1);
    bob.send(toAlice, PACKET);
    assertThat(bob.drops(DropReason.STAGED_DROPPED)).isEqualTo(1);
    assertThat(toAlice.staged().isEmpty()).isTrue();
    bob.shard().setKeepalive(toAlice, 1, network.nowNs());
    network.advance(10 * SECOND);
    assertThat(network.initiationsOf(bob)).isZero();
    assertThat(bob.shard().nextDeadlineNs()).isEqualTo(PeerTimers.NEVER);
  }

  static List<String> lowOrderKeys() {
    List<String> keys =
        VectorFile.object("x25519")
            .getAsJsonArray("low_order_points_must_be_rejected")
            .asList()
            .stream()
            .map(JsonElement::getAsString)
            .toList();
    assertThat(keys).hasSize(7);
    return keys;
  }

  @ParameterizedTest
  @MethodSource("lowOrderKeys")
  void shouldNeverSendAnythingToALowOrderKey(String hex) {
    Peer peer = alice.meet(PublicKey.fromHex(hex));
    peer.setEndpoint(TestNetwork.place(9));
    alice.shard().setKeepalive(peer, 1, network.nowNs());
    alice.send(peer, PACKET);
    network.advance(120 * SECOND);
    alice.send(peer, PACKET);
    network.advance(600 * SECOND);
    assertThat(network.log()).isEmpty();
    assertThat(alice.shard().state().keySlab().inUse()).isZero();
  }

  @Test
  void shouldBeSilentWithoutPrivateKey() {
    alice.shard().setIdentity(null);
    alice.send(toBob, PACKET);
    alice.shard().setKeepalive(toBob, 1, network.nowNs());
    bob.send(toAlice, PACKET);
    network.advance(10 * SECOND);
    assertThat(network.log()).allMatch(datagram -> datagram.source().equals(bob.place()));
    assertThat(alice.drops(DropReason.NO_PRIVATE_KEY)).isEqualTo(network.initiationsOf(bob));
  }

  @Test
  void shouldBeSilentToAPeerThatIsNowhere() {
    Peer lost = alice.meet(network.node(3).identity().publicKey());
    alice.shard().setKeepalive(lost, 1, network.nowNs());
    alice.shard().handshakes().attempts().initiate(lost, network.nowNs());
    alice.send(lost, PACKET);
    network.advance(30 * SECOND);
    assertThat(network.log()).isEmpty();
    assertThat(alice.shard().state().indices().size()).isZero();
  }

  @Test
  void shouldSendWhatWaitsOnceThePeerIsSomewhere() {
    alice.forget(toBob);
    Peer nowhere = alice.meet(bob.identity().publicKey());
    alice.send(nowhere, PACKET);
    network.advance(SECOND);
    nowhere.setEndpoint(bob.place());
    alice.shard().configured(nowhere, network.nowNs());
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldEndEverythingWhenTheLinkGoesDown() {
    connect();
    network.advance(120 * SECOND);
    alice.holdJobs();
    alice.send(toBob, PACKET);
    assertThat(alice.jobs()).hasSize(1);
    alice.shard().down();
    alice.releaseJobs();
    assertThat(alice.shard().state().keySlab().inUse()).isZero();
    assertThat(alice.shard().state().indices().size()).isZero();
    assertThat(alice.shard().nextDeadlineNs()).isEqualTo(PeerTimers.NEVER);
    int sentBefore = network.log().size();
    network.advance(60 * SECOND);
    assertThat(network.log().stream().skip(sentBefore))
        .noneMatch(datagram -> datagram.source().equals(alice.place()));
  }

  @Test
  void shouldLetPacketsWaitWhileTheLinkIsDown() {
    alice.shard().down();
    for (int i = 0; i < StagedQueue.LIMIT + 1; i++) {
      alice.send(toBob, PACKET);
    }
    alice.shard().setKeepalive(toBob, 1, network.nowNs());
    alice.shard().configured(toBob, network.nowNs());
    alice.shard().flushAll(network.nowNs());
    network.advance(60 * SECOND);
    assertThat(network.log()).isEmpty();
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isEqualTo(1);
    alice.shard().up(network.nowNs());
    network.settle();
    assertThat(bob.delivered()).hasSize(StagedQueue.LIMIT);
  }

  @Test
  void shouldSendWhatWaitsOnceThereIsAPrivateKey() {
    alice.shard().setIdentity(null);
    alice.send(toBob, PACKET);
    network.advance(SECOND);
    alice.shard().setIdentity(alice.identity());
    alice.shard().flushAll(network.nowNs());
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldKeepAliveOnceThereIsAPrivateKey() {
    alice.shard().setIdentity(null);
    alice.shard().setKeepalive(toBob, 25, network.nowNs());
    network.advance(60 * SECOND);
    alice.shard().setIdentity(alice.identity());
    alice.shard().flushAll(network.nowNs());
    network.advance(60 * SECOND);
    assertThat(keepalivesOf(alice)).isEqualTo(3);
  }

  @Test
  void shouldKeepAliveOnceThePeerIsSomewhere() {
    alice.forget(toBob);
    Peer nowhere = alice.meet(bob.identity().publicKey());
    alice.shard().setKeepalive(nowhere, 25, network.nowNs());
    network.advance(60 * SECOND);
    nowhere.setEndpoint(bob.place());
    alice.shard().configured(nowhere, network.nowNs());
    network.advance(60 * SECOND);
    assertThat(keepalivesOf(alice)).isEqualTo(3);
  }

  @Test
  void shouldNotAnswerForAPeerThatIsNotThereYet() {
    bob.forget(toAlice);
    bob.create(alice);
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(responsesOf(bob)).isZero();
    assertThat(bob.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
    assertThat(bob.shard().state().indices().size()).isZero();
  }

  @Test
  void shouldNotAnswerWhileTheLinkIsDown() {
    bob.holdJobs();
    alice.send(toBob, PACKET);
    network.settle();
    bob.shard().down();
    bob.releaseJobs();
    network.settle();
    assertThat(responsesOf(bob)).isZero();
    assertThat(bob.drops(DropReason.HANDSHAKE_INVALID)).isEqualTo(1);
  }

  @Test
  void shouldDropStagedPacketsWhenTheLinkGoesDown() {
    network.lose(datagram -> true);
    alice.send(toBob, PACKET);
    alice.send(toBob, PACKET);
    alice.shard().down();
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isEqualTo(2);
    assertThat(toBob.staged().isEmpty()).isTrue();
  }

  @Test
  void shouldInitiateAtOnceWhenTheLinkComesUpAgain() {
    connect();
    alice.shard().down();
    alice.shard().up(network.nowNs());
    network.settle();
    assertThat(network.initiationsOf(alice)).as("nobody asked").isEqualTo(1);
    network.advance(20 * TestNetwork.MS); // or the timestamps would be equal
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(network.initiationsOf(alice)).as("last-sent was forgotten").isEqualTo(2);
    assertThat(bob.delivered()).hasSize(2);
  }

  @Test
  void shouldGreetThoseItKeepsAliveWhenTheLinkComesUp() {
    alice.shard().down();
    alice.shard().setKeepalive(toBob, 25, network.nowNs());
    network.advance(60 * SECOND);
    assertThat(network.log()).isEmpty();
    alice.shard().up(network.nowNs());
    network.settle();
    assertThat(toBob.slots().current()).isNotNull();
    assertThat(keepalivesOf(alice)).isEqualTo(1);
  }
}
