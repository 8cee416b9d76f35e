package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.StagedMemory;
import io.wgnetty.peer.StagedPacket;
import io.wgnetty.peer.StagedQueue;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the packets of many peers that wait for sessions may take together. */
class StagedMemoryTest extends PairTest {
  private static final int PACKET_BYTES = 1390;
  private static final int CHARGE = PACKET_BYTES + StagedPacket.OVERHEAD_BYTES;
  private static final long SEED = 20_261_129;

  private final SplittableRandom random = new SplittableRandom(SEED);

  /** A peer of alice's that never answers. */
  private Peer silentPeer(int number) {
    byte[] key = new byte[32];
    random.nextBytes(key);
    PeerShard shard = alice.shard();
    Peer peer = shard.create(PublicKey.of(key));
    shard.adopt(peer);
    peer.setEndpoint(Endpoint.of(IpText.parse("198.51.100.1"), 1 + number, 0));
    return peer;
  }

  private List<Peer> silentPeers(int count) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(silentPeer(i));
    }
    return peers;
  }

  private static byte[] packet(int number) {
    byte[] packet = new byte[PACKET_BYTES];
    packet[0] = (byte) (number >> 8);
    packet[1] = (byte) number;
    return packet;
  }

  private static int number(byte @Nullable [] packet) {
    requireNonNull(packet);
    return ((packet[0] & 0xff) << 8) | (packet[1] & 0xff);
  }

  @Test
  void shouldDropTheOldestOfAllPeersPacketsBeyondTheLimit() {
    alice.shard().stagedMemory().limit(() -> 10L * CHARGE);
    List<Peer> peers = silentPeers(3);
    for (int i = 0; i < 12; i++) {
      alice.send(peers.get(i % 3), packet(i));
    }
    assertThat(alice.shard().stagedMemory().bytes()).isEqualTo(10L * CHARGE);
    assertThat(alice.shard().stagedMemory().packets()).isEqualTo(10);
    assertThat(alice.drops(DropReason.STAGED_MEMORY_FULL)).isEqualTo(2);
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isZero();
    assertThat(peers.get(0).drops()).containsEntry(DropReason.STAGED_MEMORY_FULL, 1L);
    assertThat(peers.get(2).drops()).isEmpty();
    assertThat(number(peers.get(0).staged().poll())).isEqualTo(3);
    assertThat(number(peers.get(2).staged().poll())).isEqualTo(2);
  }

  @Test
  void shouldLoseNothingOfAPeerThatAnswersWhileOthersFillTheLimit() {
    alice.shard().stagedMemory().limit(() -> 2000L * CHARGE);
    List<Peer> silent = silentPeers(200);
    for (int round = 0; round < StagedQueue.LIMIT; round++) {
      for (Peer peer : silent) {
        alice.send(peer, packet(round));
      }
      alice.send(toBob, packet(round));
      network.settle();
    }
    assertThat(bob.delivered()).hasSize(StagedQueue.LIMIT);
    assertThat(toBob.drops()).isEmpty();
    assertThat(alice.shard().stagedMemory().bytes()).isEqualTo(2000L * CHARGE);
    assertThat(alice.drops(DropReason.STAGED_MEMORY_FULL))
        .isEqualTo(200L * StagedQueue.LIMIT - 2000);
  }

  @Test
  void shouldGiveWayWhenItsShareBecomesSmaller() {
    long[] limit = {10L * CHARGE};
    alice.shard().stagedMemory().limit(() -> limit[0]);
    Peer peer = silentPeer(0);
    for (int i = 0; i < 10; i++) {
      alice.send(peer, packet(i));
    }
    limit[0] = 4L * CHARGE;
    alice.send(peer, packet(10));
    assertThat(peer.staged().size()).isEqualTo(4);
    assertThat(number(peer.staged().poll())).isEqualTo(7);
  }

  @Test
  void shouldCountWhatSmallPacketsTakeBesideTheirBytes() {
    alice.shard().stagedMemory().limit(() -> 3L * (StagedPacket.OVERHEAD_BYTES + 1));
    Peer peer = silentPeer(0);
    for (int i = 0; i < 20; i++) {
      alice.send(peer, new byte[1]);
    }
    assertThat(peer.staged().size()).isEqualTo(3);
  }

  @Test
  void shouldForgetPacketsOfAPeerThatIsGivenUpOrRemoved() {
    List<Peer> peers = silentPeers(3);
    for (Peer peer : peers) {
      alice.send(peer, packet(1));
      alice.send(peer, packet(2));
    }
    alice.shard().remove(peers.get(1));
    assertThat(alice.shard().stagedMemory().bytes()).isEqualTo(4L * CHARGE);
    network.advance(200 * SECOND);
    assertThat(alice.shard().stagedMemory().bytes()).isZero();
    assertThat(alice.shard().stagedMemory().packets()).isZero();
    assertThat(alice.shard().stagedMemory().overdrawnBy()).isNull();
  }

  @Test
  void shouldAgreeWithAPlainListWhateverComesAndGoes() {
    int limit = 300;
    StagedMemory memory = new StagedMemory();
    memory.limit(() -> (long) limit * CHARGE);
    List<StagedQueue> queues = new ArrayList<>();
    List<Peer> peers = silentPeers(20);
    for (Peer peer : peers) {
      queues.add(new StagedQueue(peer, memory));
    }
    // Entries are {queue, packet}, oldest first.
    Deque<int[]> model = new ArrayDeque<>();
    for (int step = 0; step < 50_000; step++) {
      int chosen = random.nextInt(20);
      StagedQueue queue = queues.get(chosen);
      switch (random.nextInt(40)) {
        case 0 -> {
          queue.purge();
          model.removeIf(entry -> entry[0] == chosen);
        }
        case 1, 2, 3, 4 -> {
          byte[] polled = queue.poll();
          int[] expected =
              model.stream().filter(entry -> entry[0] == chosen).findFirst().orElse(null);
          assertThat(polled == null).as("seed %d step %d", SEED, step).isEqualTo(expected == null);
          if (polled != null) {
            assertThat(number(polled)).isEqualTo(requireNonNull(expected)[1]);
            model.remove(expected);
          }
        }
        default -> {
          if (queue.add(packet(step & 0xffff))) {
            model.remove(model.stream().filter(entry -> entry[0] == chosen).findFirst().get());
          }
          model.add(new int[] {chosen, step & 0xffff});
          Peer loser = memory.overdrawnBy();
          assertThat(loser != null).isEqualTo(model.size() > limit);
          if (loser != null) {
            int[] oldest = model.removeFirst();
            assertThat(loser).isSameAs(peers.get(oldest[0]));
            assertThat(number(queues.get(oldest[0]).poll())).isEqualTo(oldest[1]);
          }
        }
      }
      assertThat(memory.packets()).isEqualTo(model.size());
      assertThat(memory.bytes()).isEqualTo((long) model.size() * CHARGE);
    }
  }
}
