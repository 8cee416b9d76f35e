package io.wgnetty.peers.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whom a packet wakes. */
class SleeperIndexTest {
  private final SleeperIndex index = new SleeperIndex();

  private static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (number >>> (8 * i));
    }
    return PublicKey.of(bytes);
  }

  private static List<IpPrefix> prefixes(String... texts) {
    return List.of(texts).stream().map(IpPrefix::parse).toList();
  }

  private @Nullable PublicKey find(String address) {
    IpPrefix host = IpPrefix.parse(address + (address.contains(":") ? "/128" : "/32"));
    return index.find(host.isIpv6(), host.high(), host.low());
  }

  @Test
  void shouldFindTheLongestPrefix() {
    index.put(key(1), 0, prefixes("10.0.0.0/8", "fd00::/8"));
    index.put(key(2), 0, prefixes("10.1.0.0/16", "fd00:1::1/128"));
    index.put(key(3), 0, prefixes("0.0.0.0/0"));
    assertThat(find("10.1.2.3")).isEqualTo(key(2));
    assertThat(find("10.2.2.3")).isEqualTo(key(1));
    assertThat(find("192.0.2.1")).isEqualTo(key(3));
    assertThat(find("fd00:1::1")).isEqualTo(key(2));
    assertThat(find("fd00:1::2")).isEqualTo(key(1));
    assertThat(find("2001:db8::1")).isNull();
  }

  @Test
  void shouldFindWhoHasTheBetterRightAndThenTheOther() {
    index.put(key(1), 7, prefixes("10.0.0.1/32"));
    index.put(key(2), 5, prefixes("10.0.0.1/32"));
    index.put(key(3), 7, prefixes("10.0.0.1/32"));
    assertThat(find("10.0.0.1")).isEqualTo(key(2));
    index.remove(key(2));
    assertThat(find("10.0.0.1")).as("the name that comes first").isEqualTo(key(1));
  }

  @Test
  void shouldForgetWhatARecordSaidBefore() {
    index.put(key(1), 0, prefixes("10.0.0.1/32", "10.0.0.2/32"));
    index.put(key(1), 0, prefixes("10.0.0.2/32"));
    assertThat(find("10.0.0.1")).isNull();
    assertThat(find("10.0.0.2")).isEqualTo(key(1));
    assertThat(index.size()).isEqualTo(1);
    index.remove(key(9));
    index.remove(key(1));
    assertThat(find("10.0.0.2")).isNull();
    assertThat(index.size()).isZero();
  }

  @Test
  void shouldAgreeWithAMapAfterManyChanges() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    Map<Integer, List<IpPrefix>> expected = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      int peer = random.nextInt(500);
      if (random.nextInt(3) == 0) {
        index.remove(key(peer));
        expected.remove(peer);
      } else {
        List<IpPrefix> own = new ArrayList<>();
        for (int j = random.nextInt(4); j > 0; j--) {
          // No other peer's, of lengths that lie within each other.
          own.add(new IpPrefix(j % 2 == 0, (long) peer << 40, (long) j << 32, 20 + 4 * j));
        }
        index.put(key(peer), 0, own);
        expected.put(peer, own);
      }
    }
    assertThat(index.size()).as("seed %d", seed).isEqualTo(expected.size());
    for (int peer = 0; peer < 500; peer++) {
      for (IpPrefix prefix : expected.getOrDefault(peer, List.of())) {
        assertThat(index.find(prefix.isIpv6(), prefix.high(), prefix.low()))
            .as("%s, seed %d", prefix, seed)
            .isEqualTo(key(peer));
      }
      if (!expected.containsKey(peer)) {
        assertThat(index.find(false, (long) peer << 40, 0)).as("seed %d", seed).isNull();
      }
    }
  }
}
