package io.wgnetty.peer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeerStateTest {
  private static final long NOW = 1000 * LonePeer.SECOND;
  private static final byte[] STAMP = Tai64n.whitened(77 * LonePeer.SECOND);

  /** A peer of which there is one of everything. */
  static Peer livingPeer(ShardState shard) {
    Peer peer = new Peer(LonePeer.numbered(9).publicKey(), shard);
    shard.found(peer, Endpoint.ipv4(0x0a000001, 51820));
    shard.found(peer, Endpoint.ipv6(1, 2, 3, 4).withLocal(new LocalAddress(5, 6, 7)));
    peer.countReceived(3, 300);
    peer.countSent(400);
    peer.countSentPackets(4);
    peer.heardAt(NOW - 5);
    peer.handshakeCompletedAt(12345);
    peer.countDrops(DropReason.STAGED_DROPPED, 2);
    peer.handshake().accepted(STAMP, NOW - 10);
    peer.timers().armNewHandshake(NOW, 0);
    AgreedKeys first = AgreedKeys.agree(11, 21);
    AgreedKeys second = AgreedKeys.agree(12, 22);
    AgreedKeys third = AgreedKeys.agree(13, 23);
    put(
        peer,
        new Session(peer, first.initiator(), peer.shard().keySlab(), Timings.STANDARD, NOW - 3),
        true);
    put(
        peer,
        new Session(peer, second.initiator(), peer.shard().keySlab(), Timings.STANDARD, NOW - 2),
        true);
    put(
        peer,
        new Session(peer, third.responder(), peer.shard().keySlab(), Timings.STANDARD, NOW - 1),
        false);
    current(peer).takeCounters(5);
    for (long counter : new long[] {0, 1, 700, 650}) {
      current(peer).replayWindow().accept(counter);
    }
    return peer;
  }

  private static void put(Peer peer, Session session, boolean asInitiator) {
    peer.shard().indices().adopt(session);
    if (asInitiator) {
      peer.slots().derivedAsInitiator(session, false);
    } else {
      peer.slots().derivedAsResponder(session, true);
    }
  }

  static ShardState shard(int number, int bits) {
    return shard(new ShardPlace(number, bits));
  }

  private static ShardState shard(ShardPlace place) {
    return new ShardState(
        place,
        Timings.STANDARD,
        new PeerDirectory(),
        new SplittableRandom(1),
        () -> 0,
        ShardEvents.NONE,
        momentNs -> {});
  }

  static Session current(Peer peer) {
    return requireNonNull(peer.slots().current());
  }

  static byte[] saved(Peer peer) {
    PeerState.suspend(peer);
    try (StateWriter out = new StateWriter()) {
      PeerState.save(peer, out);
      ByteBuffer written = out.written();
      byte[] bytes = new byte[written.remaining()];
      written.get(bytes);
      return bytes;
    }
  }

  /** What of it does not change any more. */
  static byte[] savedAhead(Peer peer) {
    try (StateWriter out = new StateWriter()) {
      PeerState.saveAhead(peer, out);
      byte[] bytes = new byte[out.size()];
      out.written().get(bytes);
      return bytes;
    }
  }

  static Peer restored(byte[] bytes, ShardState shard) {
    return restored(new Peer(LonePeer.numbered(9).publicKey(), shard), bytes);
  }

  /** A peer that was told ahead becomes what the rest says. */
  static Peer restored(Peer peer, byte[] bytes) {
    StateReader in = new StateReader(ByteBuffer.wrap(bytes));
    int unusedSettled = PeerState.restore(peer, in, NOW);
    in.end();
    return peer;
  }

  static Peer restoredAhead(byte[] bytes, ShardState shard) {
    Peer peer = new Peer(LonePeer.numbered(9).publicKey(), shard);
    StateReader in = new StateReader(ByteBuffer.wrap(bytes));
    int unusedSessions = PeerState.restoreAhead(peer, in, NOW);
    in.end();
    return peer;
  }

  private final Peer old = livingPeer(shard(0, 0));

  @Test
  void shouldBringEverythingAcross() {
    Peer peer = restored(saved(old), shard(0, 0));
    assertThat(peer.endpoint()).isEqualTo(old.endpoint());
    assertThat(peer.recentEndpoints()).isEqualTo(old.recentEndpoints());
    assertThat(peer.endpointChanges()).isEqualTo(1);
    assertThat(peer.receivedBytes()).isEqualTo(300);
    assertThat(peer.receivedPackets()).isEqualTo(3);
    assertThat(peer.sentBytes()).isEqualTo(400);
    assertThat(peer.sentPackets()).isEqualTo(4);
    assertThat(peer.heardNs()).isEqualTo(NOW - 5);
    assertThat(peer.lastHandshakeEpochNs()).isEqualTo(12345);
    assertThat(peer.drops()).isEqualTo(old.drops());
    assertThat(peer.handshake().greatestTimestamp()).isEqualTo(STAMP);
    assertThat(peer.handshake().isNews(STAMP)).isFalse();
    assertThat(peer.timers().earliestNs()).isEqualTo(old.timers().earliestNs());
    Session session = current(peer);
    assertThat(session.localIndex()).isEqualTo(12);
    assertThat(session.remoteIndex()).isEqualTo(22);
    assertThat(session.isInitiator()).isTrue();
    assertThat(session.ageNs(NOW)).isEqualTo(2);
    assertThat(session.replayWindow().greatest()).isEqualTo(700);
    assertThat(session.replayWindow().wouldAccept(650)).isFalse();
    assertThat(session.replayWindow().wouldAccept(651)).isTrue();
    assertThat(requireNonNull(peer.slots().previous()).localIndex()).isEqualTo(11);
    assertThat(requireNonNull(peer.slots().next()).isInitiator()).isFalse();
    assertThat(peer.shard().indices().session(12)).isSameAs(session);
    // The keys, too: written down again they are the same, though they lie elsewhere.
    Session before = current(old);
    assertThat(key(session)).isEqualTo(key(before));
    assertThat(session.sendKeyAddress()).isNotEqualTo(before.sendKeyAddress());
  }

  private static byte[] key(Session session) {
    try (StateWriter out = new StateWriter()) {
      session.peer().shard().keySlab().save(session.sendKeyAddress(), out);
      byte[] bytes = new byte[out.size()];
      out.written().get(bytes);
      assertThat(bytes).hasSize(32);
      return bytes;
    }
  }

  @Test
  void shouldGoOnPastTheCountersOfTheOther() {
    byte[] bytes = saved(old);
    assertThat(current(old).takeCounter()).isEqualTo(Session.NO_COUNTER);
    assertThat(current(old).maySend(NOW)).isFalse();
    Session session = current(restored(bytes, shard(0, 0)));
    assertThat(session.maySend(NOW)).isTrue();
    assertThat(session.takeCounter()).isEqualTo(5 + Session.MARGIN);
  }

  @Test
  void shouldSendNothingMoreIfThereIsNoRoomForTheMargin() {
    current(old).setSendCounter(Session.REJECT_AFTER_MESSAGES - 2);
    Session session = current(restored(saved(old), shard(0, 0)));
    assertThat(session.takeCounter()).isEqualTo(Session.NO_COUNTER);
    assertThat(session.maySend(NOW)).isFalse();
    assertThat(session.mayReceive(NOW)).isTrue();
  }

  @Test
  void shouldTellNobodyOfASessionThatMaySend() {
    try (StateWriter out = new StateWriter()) {
      assertThatThrownBy(() -> PeerState.save(old, out))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("told to nobody while it lives");
    }
  }

  @Test
  void shouldGoOnWhereItWasIfTheOtherBreaksOff() {
    byte[] unusedBytes = saved(old);
    assertThat(current(old).takeCounter()).isEqualTo(Session.NO_COUNTER);
    PeerState.resume(old);
    assertThat(current(old).maySend(NOW)).isTrue();
    assertThat(current(old).takeCounter()).isEqualTo(5);
  }

  @Test
  void shouldNotBringForbiddenSessionsBackToLife() {
    old.slots().forbidSending();
    Session session = current(restored(saved(old), shard(0, 0)));
    assertThat(session.maySend(NOW)).isFalse();
    PeerState.resume(old);
    assertThat(current(old).maySend(NOW)).isFalse();
  }

  @Test
  void shouldRefuseAnIndexOfAnotherShardAndOneThatIsTaken() {
    byte[] bytes = saved(old);
    assertThatThrownBy(() -> restored(bytes, shard(2, 2)))
        .isInstanceOf(MalformedStateException.class);
    ShardState shard = shard(0, 0);
    Peer unusedFirst = restored(bytes, shard);
    assertThatThrownBy(() -> restored(bytes, shard)).isInstanceOf(MalformedStateException.class);
  }

  @Test
  void shouldRefuseAnIndexOfAnotherNode() {
    byte[] bytes = saved(old);
    assertThatThrownBy(() -> restored(bytes, shard(ShardPlace.ONLY.at(5))))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("not its own");
    assertThat(restored(bytes, shard(ShardPlace.ONLY.at(0))).currentSession()).isNotNull();
  }

  static List<Session> sessions(Peer peer) {
    SessionSlots slots = peer.slots();
    return Stream.of(slots.current(), slots.previous(), slots.next())
        .filter(Objects::nonNull)
        .toList();
  }

  @Test
  void shouldBeOfNoUseByWhatIsToldAheadAlone() {
    Peer peer = restoredAhead(savedAhead(old), shard(0, 0));
    assertThat(sessions(peer)).hasSize(3);
    for (Session session : sessions(peer)) {
      assertThat(session.maySend(NOW)).isFalse();
      assertThat(session.takeCounter()).isEqualTo(Session.NO_COUNTER);
      assertThat(session.awaitsProgress).isTrue();
    }
    assertThat(current(old).takeCounter()).as("goes on meanwhile").isEqualTo(5);
  }

  @Test
  void shouldGoOnPastTheCountersThatWereUsedAfterItWasToldAhead() {
    ShardState shard = shard(0, 0);
    Peer peer = restoredAhead(savedAhead(old), shard);
    Session ahead = current(peer);
    current(old).takeCounters(7);
    current(old).replayWindow().accept(710);
    old.countSent(100);
    byte[] rest = saved(old);
    restored(peer, rest);
    Session session = current(peer);
    assertThat(session).isSameAs(ahead);
    assertThat(session.maySend(NOW)).isTrue();
    assertThat(session.takeCounter()).isEqualTo(12 + Session.MARGIN);
    assertThat(session.replayWindow().wouldAccept(710)).isFalse();
    assertThat(session.replayWindow().wouldAccept(700)).isFalse();
    assertThat(key(session)).isEqualTo(key(current(old)));
    assertThat(peer.sentBytes()).isEqualTo(500);
    // Keys went before, and are not told again.
    assertThat(rest.length).isLessThan(saved(livingPeer(shard(0, 0))).length);
    assertThat(shard.keySlab().inUse()).isEqualTo(6);
  }

  @Test
  void shouldKnowWhichSessionsCameAndWentAfterItWasToldAhead() {
    ShardState shard = shard(0, 0);
    Peer peer = restoredAhead(savedAhead(old), shard);
    AgreedKeys keys = AgreedKeys.agree(14, 24);
    put(
        old,
        new Session(old, keys.initiator(), old.shard().keySlab(), Timings.STANDARD, NOW),
        true);
    restored(peer, saved(old));
    assertThat(sessions(peer).stream().map(Session::localIndex)).containsExactly(14, 12, 23);
    assertThat(sessions(peer)).noneMatch(session -> session.awaitsProgress);
    assertThat(current(peer).takeCounter()).isEqualTo(Session.MARGIN);
    assertThat(shard.indices().session(11)).as("has ended meanwhile").isNull();
    assertThat(shard.indices().size()).isEqualTo(3);
    assertThat(shard.keySlab().inUse()).isEqualTo(6);
  }

  @Test
  void shouldSettleEachSessionThatWasToldAhead() {
    Peer peer = restoredAhead(savedAhead(old), shard(0, 0));
    old.slots().dropAll();
    assertThat(PeerState.restore(peer, new StateReader(ByteBuffer.wrap(saved(old))), NOW))
        .isEqualTo(3);
    assertThat(peer.shard().indices().size()).isZero();
    assertThat(peer.shard().keySlab().inUse()).isZero();
  }

  @Test
  void shouldRefuseASessionThatWasNotToldAheadOrIsAnotherPeers() {
    byte[] ahead = savedAhead(old);
    byte[] rest = saved(old);
    assertThatThrownBy(() -> restored(rest, shard(0, 0)))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("not told ahead");
    ShardState shard = shard(0, 0);
    Peer unusedOther = restoredAhead(ahead, shard);
    assertThatThrownBy(() -> restored(rest, shard))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("not told ahead");
  }

  @Test
  void shouldRefuseWhatIsToldTwice() {
    byte[] ahead = savedAhead(old);
    byte[] rest = saved(old);
    Peer peer = restoredAhead(ahead, shard(0, 0));
    assertThatThrownBy(
            () -> PeerState.restoreAhead(peer, new StateReader(ByteBuffer.wrap(ahead)), NOW))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("twice");
    restored(peer, rest);
    assertThatThrownBy(() -> restored(peer, rest))
        .isInstanceOf(MalformedStateException.class)
        .hasMessageContaining("twice");
  }

  @Test
  void shouldRefuseWhatIsCutOffOrDamagedAnywhereIfSomeWasToldAhead() {
    byte[] ahead = savedAhead(old);
    byte[] rest = saved(old);
    for (int length = 0; length < ahead.length; length++) {
      byte[] part = Arrays.copyOf(ahead, length);
      assertThatThrownBy(() -> restoredAhead(part, shard(0, 0)))
          .isInstanceOf(MalformedStateException.class);
    }
    for (int length = 0; length < rest.length; length++) {
      byte[] part = Arrays.copyOf(rest, length);
      Peer peer = restoredAhead(ahead, shard(0, 0));
      assertThatThrownBy(() -> restored(peer, part)).isInstanceOf(MalformedStateException.class);
    }
    for (int i = 0; i < ahead.length; i++) {
      byte[] damaged = ahead.clone();
      damaged[i] ^= (byte) 0x80;
      assertThatCode(() -> takeOrRefuse(damaged, rest)).doesNotThrowAnyException();
    }
    for (int i = 0; i < rest.length; i++) {
      byte[] damaged = rest.clone();
      damaged[i] ^= (byte) 0x80;
      assertThatCode(() -> takeOrRefuse(ahead, damaged)).doesNotThrowAnyException();
    }
  }

  @Test
  void shouldRefuseWhatIsCutOffAnywhere() {
    byte[] bytes = saved(old);
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> restored(part, shard(0, 0)))
          .isInstanceOf(MalformedStateException.class);
    }
  }

  @Test
  void shouldTakeOrRefuseWhatIsDamagedAnywhereAndNothingElse() {
    byte[] bytes = saved(old);
    for (int i = 0; i < bytes.length; i++) {
      byte[] damaged = bytes.clone();
      damaged[i] ^= (byte) 0x80;
      assertThatCode(() -> takeOrRefuse(damaged)).doesNotThrowAnyException();
    }
  }

  /** What is taken works, and what is refused leaves no key behind that could not be freed. */
  static void takeOrRefuse(byte[] bytes) {
    takeOrRefuse(null, bytes);
  }

  /** The same, of something that was told ahead if there is any, and of the rest. */
  static void takeOrRefuse(byte @Nullable [] ahead, byte[] bytes) {
    ShardState shard = shard(0, 0);
    Peer peer = new Peer(LonePeer.numbered(9).publicKey(), shard);
    try {
      if (ahead != null) {
        int unusedSessions =
            PeerState.restoreAhead(peer, new StateReader(ByteBuffer.wrap(ahead)), NOW);
        for (Session session : sessions(peer)) {
          assertThat(session.maySend(NOW)).isFalse();
          assertThat(session.takeCounter()).isEqualTo(Session.NO_COUNTER);
        }
      }
      int unusedSettled = PeerState.restore(peer, new StateReader(ByteBuffer.wrap(bytes)), NOW);
      Session session = peer.currentSession();
      if (session != null && session.maySend(NOW)) {
        assertThat(session.takeCounter()).isNotEqualTo(Session.NO_COUNTER);
        session.replayWindow().accept(session.replayWindow().greatest() + 1);
      }
    } catch (MalformedStateException e) {
      assertThat(e).hasMessageNotContaining("null");
    } finally {
      shard.keySlab().close();
    }
  }
}
