package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.KeySlab;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Both chains while other threads seal and open for them: what is sent and delivered, and its
 * order, is as if they did not; and no key is wiped under their hands.
 */
@Timeout(120)
class HelpedChainTest extends ChainTest {
  private static final int SEGMENT_BYTES = 1380;

  private final WatchfulAead.Watch watch = new WatchfulAead.Watch();
  private final List<HelpingThread> threads = new ArrayList<>();

  /** For threads that a test stops in the middle of their work. */
  private final CountDownLatch begun = new CountDownLatch(1);

  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  @AfterEach
  void shouldHaveFoundNothing() throws InterruptedException {
    mayGoOn.countDown();
    for (HelpingThread thread : threads) {
      thread.end();
    }
    assertThat(watch.findings()).isEmpty();
  }

  private HelpingThread helps(ChainNode node, Runnable beforeRun) {
    node.help().wanted = true;
    HelpingThread thread = new HelpingThread(node.sharedWork(), watch, beforeRun);
    threads.add(thread);
    return thread;
  }

  private Runnable delays(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return () -> LockSupport.parkNanos(random.nextLong(300_000));
  }

  private void stopInTheMiddle() {
    begun.countDown();
    try {
      assertThat(mayGoOn.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void awaitBeginning() throws InterruptedException {
    assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
  }

  /** Four super-packets, or as many ordinary packets: what one read of the interface brings. */
  private TunnelBatch read(SplittableRandom random) {
    boolean large = random.nextInt(4) > 0;
    byte[][] packets = new byte[large ? 1 + random.nextInt(4) : 1 + random.nextInt(200)][];
    for (int i = 0; i < packets.length; i++) {
      packets[i] =
          large
              ? SuperPackets.tcp(ALICE, BOB, 1 + random.nextInt(60_000))
              : Packets.ipv4(ALICE, BOB, 20 + random.nextInt(1200));
    }
    TunnelBatch batch = alice.batch(packets);
    for (int i = 0; large && i < packets.length; i++) {
      // Some with so small segments that they are no task for anybody else.
      int segmentBytes = random.nextInt(5) == 0 ? 200 : SEGMENT_BYTES;
      batch.setSegments(i, SuperPackets.HEADER_BYTES, segmentBytes);
    }
    return batch;
  }

  private TunnelBatch superPackets(int count) {
    byte[][] packets = new byte[count][];
    for (int i = 0; i < count; i++) {
      packets[i] = SuperPackets.tcp(ALICE, BOB, 60_000);
    }
    TunnelBatch batch = alice.batch(packets);
    for (int i = 0; i < count; i++) {
      batch.setSegments(i, SuperPackets.HEADER_BYTES, SEGMENT_BYTES);
    }
    return batch;
  }

  private static long counter(byte[] datagram) {
    return Long.reverseBytes(ByteBuffer.wrap(datagram).getLong(8));
  }

  private int keysInUse(ChainNode node) {
    KeySlab slab = node.shard().state().keySlab();
    return slab.inUse();
  }

  /** Alice's datagrams come in, and the turn does not end yet. */
  private void arriveAtBob(List<byte[]> datagrams) {
    for (int from = 0; from < datagrams.size(); from += 100) {
      List<byte[]> some = datagrams.subList(from, Math.min(datagrams.size(), from + 100));
      bob.udp()
          .pipeline()
          .fireChannelRead(bob.datagrams(alice.place(), some.toArray(byte[][]::new)));
    }
  }

  /** Alice's datagrams in batches, as bob's socket brings them. */
  private void receiveAtBob(List<byte[]> datagrams, SplittableRandom random) {
    for (int from = 0; from < datagrams.size(); ) {
      int to = Math.min(datagrams.size(), from + 1 + random.nextInt(100));
      arriveAtBob(datagrams.subList(from, to));
      from = to;
      if (random.nextInt(4) == 0) {
        bob.udp().runPendingTasks(); // the end of a turn
      }
    }
    bob.udp().runPendingTasks();
  }

  /** Carries all that was sent, what goes to bob in batches. */
  private void exchange(SplittableRandom random) {
    boolean moved = true;
    while (moved) {
      moved = alice.work();
      moved |= bob.work();
      List<byte[]> toBob = fetch(alice);
      List<byte[]> toAlice = fetch(bob);
      receiveAtBob(toBob, random);
      toAlice.forEach(datagram -> alice.receive(bob.place(), datagram));
      moved |= !toBob.isEmpty() || !toAlice.isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void shouldSealAndOpenInOrderHoweverLongTheOthersTake(long seed) {
    connect();
    SplittableRandom random = new SplittableRandom(seed);
    HelpingThread first = helps(alice, delays(seed));
    HelpingThread second = helps(alice, delays(seed + 100));
    HelpingThread third = helps(bob, delays(seed + 200));
    long next = 1; // connecting took one
    List<byte[]> expected = new ArrayList<>();
    for (int turn = 0; turn < 12; turn++) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        TunnelBatch batch = read(random);
        expected.addAll(SuperPackets.cut(batch));
        alice.tun().pipeline().fireChannelRead(batch);
      }
      alice.tun().runPendingTasks();
      List<byte[]> datagrams = fetch(alice);
      for (byte[] datagram : datagrams) {
        assertThat(counter(datagram)).isEqualTo(next++);
      }
      receiveAtBob(datagrams, random);
    }
    List<byte[]> delivered = bob.delivered();
    assertThat(delivered).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(delivered.get(i)).as("packet %d", i).isEqualTo(expected.get(i));
    }
    assertThat(first.tasks() + second.tasks()).as("tasks of others").isPositive();
    assertThat(third.tasks()).as("tasks of others at bob").isPositive();
    assertThat(alice.help().calls).isPositive();
  }

  @Test
  void shouldDeliverOnceWhatComesTwiceWhileItIsOpenedTwice() {
    connect();
    SplittableRandom random = new SplittableRandom(5);
    TunnelBatch batch = superPackets(4);
    List<byte[]> expected = SuperPackets.cut(batch);
    alice.tun().writeInbound(batch);
    List<byte[]> datagrams = fetch(alice);
    helps(bob, delays(6));
    for (int time = 0; time < 2; time++) {
      arriveAtBob(datagrams);
    }
    receiveAtBob(datagrams, random);
    assertThat(bob.delivered()).usingRecursiveComparison().isEqualTo(expected);
    assertThat(bob.drops(DropReason.REPLAYED)).isEqualTo(2L * expected.size());
  }

  @Test
  void shouldDropWhatIsNotAuthenticAmongWhatOthersOpen() {
    connect();
    TunnelBatch batch = superPackets(4);
    List<byte[]> expected = new ArrayList<>(SuperPackets.cut(batch));
    alice.tun().writeInbound(batch);
    List<byte[]> datagrams = fetch(alice);
    helps(bob, delays(7));
    for (int i = datagrams.size() - 1; i >= 0; i -= 10) {
      datagrams.get(i)[30] ^= 1;
      expected.remove(i);
    }
    receiveAtBob(datagrams, new SplittableRandom(8));
    assertThat(bob.delivered()).usingRecursiveComparison().isEqualTo(expected);
    assertThat(bob.drops(DropReason.NOT_AUTHENTIC)).isEqualTo(datagrams.size() - expected.size());
  }

  @Test
  void shouldOfferNothingWhenNobodyIsBehind() {
    connect();
    alice.help().wanted = false;
    alice.tun().pipeline().fireChannelRead(superPackets(4));
    assertThat(alice.sent()).as("sent at once").isNotEmpty();
    assertThat(alice.help().calls).isZero();
  }

  @Test
  void shouldOfferNothingOfASinglePacket() {
    connect();
    alice.help().wanted = true;
    alice.tun().pipeline().fireChannelRead(alice.batch(Packets.ipv4(ALICE, BOB, 100)));
    assertThat(fetch(alice)).hasSize(1);
  }

  @Test
  void shouldKeepTheKeyOfARemovedPeerUntilTheOthersAreDoneWithIt() throws InterruptedException {
    connect();
    helps(alice, this::stopInTheMiddle);
    alice.tun().pipeline().fireChannelRead(superPackets(3));
    awaitBeginning();
    int inUse = keysInUse(alice);
    alice.shard().remove(toBob);
    assertThat(keysInUse(alice)).as("keys that are still there").isEqualTo(inUse);
    mayGoOn.countDown();
    alice.tun().runPendingTasks();
    assertThat(fetch(alice)).as("of a session that has ended").isEmpty();
    assertThat(alice.drops(DropReason.SESSION_ENDED)).isPositive();
    assertThat(keysInUse(alice)).isZero();
  }

  @Test
  void shouldKeepTheKeyThatOthersOpenWith() throws InterruptedException {
    connect();
    alice.tun().writeInbound(superPackets(3));
    List<byte[]> datagrams = fetch(alice);
    helps(bob, this::stopInTheMiddle);
    arriveAtBob(datagrams);
    awaitBeginning();
    bob.shard().down();
    bob.shard().up(bob.nowNs());
    assertThat(keysInUse(bob)).isEqualTo(2);
    mayGoOn.countDown();
    bob.udp().runPendingTasks();
    assertThat(bob.delivered()).isEmpty();
    assertThat(bob.drops(DropReason.SESSION_EXPIRED)).isEqualTo(datagrams.size());
    assertThat(keysInUse(bob)).isZero();
  }

  /**
   * As in an upgrade: what another process goes on with lies past all that this one still sends.
   */
  @Test
  void shouldTellCountersPastThoseThatOthersStillSealWith() throws InterruptedException {
    connect();
    helps(alice, this::stopInTheMiddle);
    alice.tun().pipeline().fireChannelRead(superPackets(3));
    awaitBeginning();
    ShardTransfer transfer = new ShardTransfer(alice.shard());
    transfer.suspend();
    assertThat(alice.sharedWork().isIdle()).as("all is taken up").isFalse();
    mayGoOn.countDown();
    alice.tun().runPendingTasks();
    assertThat(alice.sharedWork().isIdle()).isTrue();
    List<byte[]> under = fetch(alice);
    assertThat(under).isNotEmpty();
    long greatest = under.stream().mapToLong(HelpedChainTest::counter).max().orElseThrow();

    PeerShard heir =
        new PeerShard(
            ShardPlace.ONLY,
            Timings.STANDARD,
            new PeerDirectory(),
            new SplittableRandom(1),
            () -> 0,
            alice.aead(),
            alice);
    heir.adopt(heir.create(bob.identity().publicKey()));
    try (StateWriter out = new StateWriter()) {
      assertThat(transfer.save(out, Integer.MAX_VALUE)).isFalse();
      new ShardTransfer(heir).restore(new StateReader(out.written()), alice.nowNs());
    }
    Session session = requireNonNull(heir.peers().getFirst().currentSession());
    assertThat(session.takeCounter()).isGreaterThan(greatest);
    alice.tun().writeInbound(superPackets(1));
    assertThat(fetch(alice)).as("by who has given its sessions away").isEmpty();
    heir.close();
  }

  /** What others have opened is marked as seen before anybody is told what was. */
  @Test
  void shouldTellAWindowThatHasSeenWhatOthersStillOpen() throws InterruptedException {
    connect();
    alice.tun().writeInbound(superPackets(3));
    List<byte[]> datagrams = fetch(alice);
    helps(bob, this::stopInTheMiddle);
    arriveAtBob(datagrams);
    awaitBeginning();
    ShardTransfer transfer = new ShardTransfer(bob.shard());
    transfer.suspend();
    assertThat(bob.sharedWork().isIdle()).isFalse();
    mayGoOn.countDown();
    bob.udp().runPendingTasks();
    assertThat(bob.sharedWork().isIdle()).isTrue();
    assertThat(bob.delivered()).hasSameSizeAs(datagrams);
    transfer.resume(bob.nowNs());
    datagrams.forEach(datagram -> bob.receive(alice.place(), datagram));
    assertThat(bob.drops(DropReason.REPLAYED)).isEqualTo(datagrams.size());
  }

  @Test
  void shouldNotEndBeforeTheOthersAreDone() throws InterruptedException {
    connect();
    helps(alice, this::stopInTheMiddle);
    TunnelBatch batch = superPackets(3);
    alice.tun().pipeline().fireChannelRead(batch);
    awaitBeginning();
    assertThatThrownBy(() -> alice.shard().close()).isInstanceOf(IllegalStateException.class);
    Thread later =
        new Thread(
            () -> {
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
              mayGoOn.countDown();
            });
    later.start();
    alice.sharedWork().close();
    assertThat(mayGoOn.getCount()).as("it waited").isZero();
    assertThat(batch.refCnt()).isZero();
    alice.shard().close();
    later.join();
  }

  @Test
  void shouldSendNothingOfATaskThatFailed() {
    connect();
    long faults = FaultCounter.faults();
    helps(
        alice,
        () -> {
          throw new IllegalStateException("the cipher is broken");
        });
    HelpingThread thread = threads.getFirst();
    while (thread.tasks() == 0) {
      alice.tun().writeInbound(superPackets(4));
    }
    List<byte[]> datagrams = fetch(alice);
    datagrams.forEach(datagram -> bob.receive(alice.place(), datagram));
    assertThat(bob.delivered()).as("all that left is sealed").hasSameSizeAs(datagrams);
    assertThat(FaultCounter.faults()).isGreaterThan(faults);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void shouldSurviveSessionsThatComeAndGo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    connect();
    helps(alice, delays(seed));
    helps(bob, delays(seed + 1));
    for (int turn = 0; turn < 60; turn++) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        alice.tun().pipeline().fireChannelRead(read(random));
      }
      switch (random.nextInt(8)) {
        case 0 -> alice.shard().forgetSessions(alice.nowNs());
        case 1 -> bob.shard().forgetSessions(bob.nowNs());
        case 2 -> {
          alice.passTime(ChainNode.seconds(130)); // renews its session with the next packet
          bob.passTime(ChainNode.seconds(130));
        }
        case 3 -> bob.send(Packets.ipv4(BOB, ALICE, 100));
        default -> {
          // nothing but packets
        }
      }
      if (random.nextInt(3) > 0) {
        alice.tun().runPendingTasks();
      }
      exchange(random);
    }
    alice.tun().runPendingTasks();
    exchange(random);
    assertThat(bob.delivered()).isNotEmpty();
    alice.delivered();
  }
}
