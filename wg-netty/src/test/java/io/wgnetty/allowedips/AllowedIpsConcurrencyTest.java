package io.wgnetty.allowedips;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** One writer at work, readers that must never notice. */
class AllowedIpsConcurrencyTest {
  private static final int READERS = 3;
  private static final int CHANGES = 150_000;

  /** The address that is watched: 10.1.2.3, and the IPv6 address with the same upper bits. */
  private static final int WATCHED = 0x0a01_0203;

  private static final long WATCHED_HIGH = (long) WATCHED << 32;

  /** Two peers take this from each other, but one of them always has it. Nothing is longer. */
  private static final IpPrefix CONTESTED = new IpPrefix(true, 0x2001_0db8_0000_0001L, 0, 64);

  private final AllowedIps<TestPeer> table = new AllowedIps<>();
  private final TestPeer everything = new TestPeer("the default route");
  private final TestPeer watched = new TestPeer("the watched peer");
  private final TestPeer[] rivals = {new TestPeer("rival 0"), new TestPeer("rival 1")};
  private volatile boolean writing = true;

  @Test
  void shouldNeverShowATableThatDidNotExist() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("AllowedIpsConcurrencyTest seed " + seed);
    for (boolean isIpv6 : new boolean[] {false, true}) {
      table.insert(new IpPrefix(isIpv6, 0, 0, 0), everything);
      table.insert(wide(isIpv6, 8), watched);
    }
    table.insert(CONTESTED, rivals[0]);
    CyclicBarrier start = new CyclicBarrier(READERS + 1);
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<Long>> readers = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        readers.add(threads.submit(reader(start)));
      }
      start.await();
      try {
        change(new Random(seed));
      } finally {
        writing = false;
      }
      for (Future<Long> reader : readers) {
        assertThat(reader.get()).as("lookups of one reader").isPositive();
      }
    }
  }

  /** The same list again and again, with other entries around it, over a peer with all the rest. */
  @Test
  void shouldShowTheOwnerAtEveryInstantWhileItsListIsReplaced() throws Exception {
    Random random = new Random(20_261_129);
    for (boolean isIpv6 : new boolean[] {false, true}) {
      table.insert(new IpPrefix(isIpv6, 0, 0, 0), everything);
      table.insert(wide(isIpv6, 24), watched);
    }
    table.insert(CONTESTED, rivals[0]);
    CyclicBarrier start = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<Long> reader = threads.submit(reader(start));
      start.await();
      try {
        for (int round = 0; round < 2_000; round++) {
          table.beginReplacement(watched);
          for (int i = random.nextInt(20); i > 0; i--) {
            table.insert(wide(random.nextBoolean(), 25 + random.nextInt(8)), watched);
          }
          table.insert(wide(false, 24), watched);
          table.insert(wide(true, 24), watched);
          table.endReplacement(watched);
        }
      } finally {
        writing = false;
      }
      assertThat(reader.get()).as("lookups").isPositive();
    }
  }

  /** What is true at every instant must be what every lookup says. */
  private Callable<Long> reader(CyclicBarrier start) {
    return () -> {
      start.await();
      long lookups = 0;
      do {
        assertThat(table.lookupV4(WATCHED)).isSameAs(watched);
        assertThat(table.lookupV6(WATCHED_HIGH, lookups)).isSameAs(watched);
        assertThat(table.lookupV6(CONTESTED.high(), lookups)).isIn(rivals[0], rivals[1]);
        lookups++;
      } while (writing);
      return lookups;
    };
  }

  /**
   * Moves the contested prefix, and the watched peer's cover to other lengths, the new one first;
   * in between, other peers come and go all around it and bend the trie.
   */
  private void change(Random random) {
    List<TestPeer> others = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      others.add(new TestPeer("other " + i));
    }
    int[] length = {8, 8};
    for (int i = 0; i < CHANGES; i++) {
      boolean isIpv6 = random.nextBoolean();
      int family = isIpv6 ? 1 : 0;
      TestPeer other = others.get(random.nextInt(others.size()));
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          int next = 1 + random.nextInt(32);
          if (next != length[family]) {
            table.insert(wide(isIpv6, next), watched);
            table.remove(wide(isIpv6, length[family]), watched);
            length[family] = next;
          }
        }
        case 3 -> {
          if (random.nextInt(20) == 0) {
            table.removeAll(other);
          }
        }
        case 4 -> table.insert(CONTESTED, rivals[i % 2]);
        default -> table.insert(beside(random, isIpv6), other);
      }
    }
  }

  private static IpPrefix wide(boolean isIpv6, int length) {
    return new IpPrefix(isIpv6, WATCHED_HIGH, 0, length);
  }

  /** A prefix that branches off the watched address somewhere and does not cover it. */
  private static IpPrefix beside(Random random, boolean isIpv6) {
    int bit = random.nextInt(32);
    long branched = WATCHED_HIGH ^ (Long.MIN_VALUE >>> bit);
    return new IpPrefix(
        isIpv6, branched ^ (random.nextLong() >>> (bit + 1)), 0, random.nextInt(bit + 1, 33));
  }
}
