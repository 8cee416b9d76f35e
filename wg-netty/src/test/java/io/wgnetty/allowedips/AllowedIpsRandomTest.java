package io.wgnetty.allowedips;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The table against a linear scan, on random tables. */
class AllowedIpsRandomTest {
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final AllowedIps<TestPeer> table = new AllowedIps<>();
  private final LinearTable model = new LinearTable();
  private final List<TestPeer> peers = new ArrayList<>();
  private final List<IpPrefix> inserted = new ArrayList<>();

  AllowedIpsRandomTest() {
    System.out.println("AllowedIpsRandomTest seed " + seed);
  }

  @Test
  void shouldEqualALinearScanOfManyRoutesUntilTheLastPeerIsGone() {
    // protocol 5, random test: per family 400 routes with 100 mutations each, 2000 peers.
    addPeers(2000);
    for (int bytes : new int[] {4, 16}) {
      for (int i = 0; i < 400; i++) {
        byte[] route = new byte[bytes];
        random.nextBytes(route);
        insert(IpPrefix.of(route, 1 + random.nextInt(bytes * 8)));
        for (int j = 0; j < 100; j++) {
          byte[] mutated = mutate(route, random.nextInt(bytes * 8));
          insert(IpPrefix.of(mutated, 1 + random.nextInt(bytes * 8)));
        }
      }
    }
    for (int i = 0; i < 1000; i++) {
      checkLookup();
    }
    for (TestPeer peer : peers) {
      table.removeAll(peer);
      model.removeAll(peer);
      assertThat(table.size()).as("seed %d", seed).isEqualTo(model.size());
      if (random.nextInt(4) == 0) {
        checkLookup();
      }
    }
    assertThat(table.isEmpty()).isTrue();
  }

  @Test
  void shouldEqualALinearScanAfterEveryKindOfChange() {
    // A small, crowded space, so that every shape of the trie comes about.
    addPeers(5);
    for (int i = 0; i < 40_000; i++) {
      TestPeer peer = peers.get(random.nextInt(peers.size()));
      switch (random.nextInt(100)) {
        case 0 -> {
          table.removeAll(peer);
          model.removeAll(peer);
        }
        case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 ->
            insert(crowded());
        default -> {
          IpPrefix prefix = crowded();
          table.remove(prefix, peer);
          model.remove(prefix, peer);
        }
      }
      checkLookup();
      assertThat(table.size()).as("seed %d, change %d", seed, i).isEqualTo(model.size());
      assertThat(table.isEmpty()).isEqualTo(model.size() == 0);
    }
  }

  @Test
  void shouldEqualALinearScanWherePrefixesLieInFarClusters() {
    // Clusters part from each other anywhere in the address, so that nodes come between others.
    for (int round = 0; round < 150; round++) {
      AllowedIps<TestPeer> clustered = new AllowedIps<>();
      LinearTable linear = new LinearTable();
      peers.clear();
      addPeers(4);
      byte[] stem = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(stem);
      int bits = stem.length * 8;
      for (int i = 0; i < 300; i++) {
        byte[] address = mutate(stem, random.nextInt(bits + 1));
        IpPrefix prefix = IpPrefix.of(address, random.nextInt(bits + 1));
        TestPeer peer = peers.get(random.nextInt(peers.size()));
        // First it mostly grows, then it mostly shrinks.
        if (random.nextInt(300) > i) {
          clustered.insert(prefix, peer);
          linear.insert(prefix, peer);
        } else {
          TestPeer loser = peers.get(random.nextInt(peers.size()));
          List<IpPrefix> all = clustered.prefixes(loser);
          if (!all.isEmpty()) {
            IpPrefix gone = all.get(random.nextInt(all.size()));
            clustered.remove(gone, loser);
            linear.remove(gone, loser);
          }
        }
        for (int kept : new int[] {random.nextInt(bits + 1), prefix.length(), bits}) {
          byte[] asked = mutate(random.nextBoolean() ? address : stem, kept);
          assertThat(AllowedIpsVectorTest.lookup(clustered, asked))
              .as("seed %d, round %d, change %d", seed, round, i)
              .isEqualTo(linear.lookup(asked));
        }
        assertThat(clustered.size()).isEqualTo(linear.size());
      }
      for (TestPeer peer : peers) {
        List.copyOf(clustered.prefixes(peer)).forEach(prefix -> clustered.remove(prefix, peer));
      }
      assertThat(clustered.isEmpty()).as("seed %d, round %d", seed, round).isTrue();
    }
  }

  private void addPeers(int count) {
    for (int i = 0; i < count; i++) {
      peers.add(new TestPeer("peer " + i));
    }
  }

  private void insert(IpPrefix prefix) {
    TestPeer peer = peers.get(random.nextInt(peers.size()));
    table.insert(prefix, peer);
    model.insert(prefix, peer);
    inserted.add(prefix);
  }

  /** Keeps the first bits and makes the others random. */
  private byte[] mutate(byte[] route, int keptBits) {
    byte[] mutated = new byte[route.length];
    random.nextBytes(mutated);
    for (int bit = 0; bit < keptBits; bit++) {
      int mask = 0x80 >>> bit % 8;
      mutated[bit / 8] = (byte) ((mutated[bit / 8] & ~mask) | (route[bit / 8] & mask));
    }
    return mutated;
  }

  /** A prefix of few bits about the upper end, the middle or the lower end of the address. */
  private IpPrefix crowded() {
    boolean isIpv6 = random.nextBoolean();
    long bits = random.nextLong(16);
    int span = random.nextInt(5);
    return switch (random.nextInt(3)) {
      case 0 -> new IpPrefix(isIpv6, bits << 60, 0, span);
      case 1 -> new IpPrefix(true, bits & 3, bits << 60, 62 + span);
      default -> isIpv6 ? new IpPrefix(true, 0, bits, 124 + span) : ipv4(bits, 28 + span);
    };
  }

  private static IpPrefix ipv4(long address, int length) {
    return new IpPrefix(false, address << 32, 0, length);
  }

  /** An address at random, or more often one near a prefix that is or was in the table. */
  private void checkLookup() {
    byte[] address = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(address);
    if (!inserted.isEmpty() && random.nextInt(4) != 0) {
      IpPrefix near = inserted.get(random.nextInt(inserted.size()));
      int kept = random.nextInt(4) == 0 ? near.length() : (near.isIpv6() ? 128 : 32);
      address = mutate(near.addressBytes(), kept);
    }
    assertThat(AllowedIpsVectorTest.lookup(table, address))
        .as("seed %d", seed)
        .isEqualTo(model.lookup(address));
  }
}
