package io.wgnetty.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class IndexTableTest {
  private final Peer peer = LonePeer.numbered(2);
  private final Peer other = LonePeer.numbered(3);

  /** Gives the numbers it was told to. */
  private static RandomGenerator drawing(int... numbers) {
    Deque<Integer> left = new ArrayDeque<>(Arrays.stream(numbers).boxed().toList());
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new AssertionError("indices are 32 bits");
      }

      @Override
      public int nextInt() {
        return left.remove();
      }
    };
  }

  private Session session(int localIndex) {
    AgreedKeys keys = AgreedKeys.agree(localIndex, 99);
    return TestSession.of(peer, keys.initiator(), 0);
  }

  @Test
  void shouldNameItsShardInTheLowBits() {
    IndexTable table = new IndexTable(new SplittableRandom(1), new ShardPlace(5, 3));
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      int index = table.reserve(peer).localIndex();
      assertThat(index & 7).isEqualTo(5);
      assertThat(seen.add(index)).isTrue();
    }
    assertThat(table.size()).isEqualTo(1000);
    assertThat(seen.stream().filter(index -> index < 0).count()).isBetween(400L, 600L);
  }

  @Test
  void shouldNameItsNodeAtTheSamePlaceWhateverTheNumberOfShards() {
    for (int bits = 0; bits <= 6; bits++) {
      ShardPlace place = new ShardPlace((1 << bits) - 1, bits, 37);
      IndexTable table = new IndexTable(new SplittableRandom(bits), place);
      Set<Integer> seen = new HashSet<>();
      for (int i = 0; i < 1000; i++) {
        int index = table.reserve(peer).localIndex();
        assertThat(ShardPlace.nodeOf(index)).isEqualTo(37);
        assertThat(place.shardOf(index)).isEqualTo(place.number());
        assertThat(place.isElsewhere(index)).isFalse();
        assertThat(new ShardPlace(0, 3, 36).isElsewhere(index)).isTrue();
        assertThat(new ShardPlace(0, 3).isElsewhere(index)).isFalse();
        assertThat(seen.add(index)).isTrue();
      }
    }
  }

  @Test
  void shouldUseAllBitsWhenThereIsOneShard() {
    IndexTable table = new IndexTable(drawing(0, -1, 0x12345678), new ShardPlace(0, 0));
    assertThat(table.reserve(peer).localIndex()).as("0 is allowed").isZero();
    assertThat(table.reserve(peer).localIndex()).isEqualTo(-1);
    assertThat(table.reserve(peer).localIndex()).isEqualTo(0x12345678);
  }

  @Test
  void shouldDrawAgainWhenAnIndexIsTaken() {
    IndexTable table = new IndexTable(drawing(0x10, 0x10, 0x11, 0x20), new ShardPlace(0, 1));
    assertThat(table.reserve(peer).localIndex()).isEqualTo(0x10);
    // 0x11 is 0x10 once the low bit names the shard
    assertThat(table.reserve(peer).localIndex()).isEqualTo(0x20);
  }

  @Test
  void shouldTellHandshakesFromSessions() {
    IndexTable table = new IndexTable(drawing(7), new ShardPlace(0, 0));
    PendingHandshake pending = table.reserve(peer);
    assertThat(table.handshake(7)).isSameAs(pending);
    assertThat(table.session(7)).isNull();
    assertThat(table.peer(7)).isSameAs(peer);

    Session session = session(7);
    table.replace(pending, session);
    assertThat(table.handshake(7)).isNull();
    assertThat(table.session(7)).isSameAs(session);
    assertThat(table.peer(7)).isSameAs(peer);
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void shouldKnowNothingOfOtherIndices() {
    IndexTable table = new IndexTable(drawing(7), new ShardPlace(0, 0));
    table.reserve(peer);
    assertThat(table.handshake(8)).isNull();
    assertThat(table.session(8)).isNull();
    assertThat(table.peer(8)).isNull();
  }

  @Test
  void shouldReleaseOnlyItsOwnMapping() {
    IndexTable table = new IndexTable(drawing(7, 7), new ShardPlace(0, 0));
    PendingHandshake first = table.reserve(peer);
    table.release(first);
    assertThat(table.size()).isZero();
    PendingHandshake second = table.reserve(other);
    table.release(first);
    assertThat(table.peer(7)).as("the number belongs to another by now").isSameAs(other);
    Session session = session(7);
    table.release(session);
    assertThat(table.handshake(7)).isSameAs(second);
    table.release(second);
    assertThat(table.size()).isZero();
  }

  @Test
  void shouldNotReleaseTheSessionWithTheHandshakeThatLedToIt() {
    IndexTable table = new IndexTable(drawing(7), new ShardPlace(0, 0));
    PendingHandshake pending = table.reserve(peer);
    Session session = session(7);
    table.replace(pending, session);
    table.release(pending);
    assertThat(table.session(7)).isSameAs(session);
  }

  @Test
  void shouldRefuseToReplaceWhatWasGivenUp() {
    IndexTable table = new IndexTable(drawing(7), new ShardPlace(0, 0));
    PendingHandshake pending = table.reserve(peer);
    table.release(pending);
    Session session = session(7);
    assertThatThrownBy(() -> table.replace(pending, session))
        .isInstanceOf(IllegalStateException.class);
    assertThat(table.size()).isZero();
  }

  /**
   * A table that grows moves entries while packets wait. By what it allocates: a table in one piece
   * would come to need megabytes at once.
   */
  @Test
  void shouldNeverGrowByMuchAtOnce() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    assertThat(threads.isThreadAllocatedMemorySupported()).isTrue();
    IndexTable table = new IndexTable(new SplittableRandom(4), ShardPlace.ONLY);
    long before = threads.getCurrentThreadAllocatedBytes();
    long most = 0;
    for (int i = 0; i < 1 << 19; i++) {
      table.reserve(peer);
      long now = threads.getCurrentThreadAllocatedBytes();
      most = Math.max(most, now - before);
      before = now;
    }
    assertThat(table.size()).isEqualTo(1 << 19);
    assertThat(most).isBetween(10_000L, 100_000L);
  }
}
