package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimiterTest {
  private static final JsonObject VECTORS = VectorFile.read("ratelimiter").getAsJsonObject();
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final RateLimiter limiter = new RateLimiter(1000);

  /** A monotonic clock may start anywhere, and may pass from positive to negative. */
  private long nowNs = Long.MAX_VALUE - SECOND / 10;

  @Test
  void shouldFollowTheSequenceForEachOfManySources() {
    String[] sources = {
      "192.0.2.1",
      "192.0.2.2",
      "0.0.0.0",
      "255.255.255.255",
      "2001:db8::1",
      "2001:db8:0:1::1",
      "::1"
    };
    for (JsonElement element : VECTORS.getAsJsonArray("sequence_per_source")) {
      JsonObject step = element.getAsJsonObject();
      nowNs += TimeUnit.MILLISECONDS.toNanos(step.get("sleep_ms_before").getAsLong());
      for (String source : sources) {
        assertThat(allow(source))
            .as("%s %s", source, step)
            .isEqualTo(step.get("allow").getAsBoolean());
      }
    }
  }

  @Test
  void shouldCountTheUpperHalfOfIpv6() {
    for (JsonElement element : VECTORS.getAsJsonArray("ipv6_same_64_share_bucket")) {
      String[] words = element.getAsString().split(" -> ", -1);
      boolean expected = words.length == 1 || words[1].equals("allowed");
      assertThat(allow(words[0])).as(element.getAsString()).isEqualTo(expected);
    }
  }

  @Test
  void shouldCountTheWholeOfIpv4WhateverThePort() {
    for (int i = 0; i < 5; i++) {
      assertThat(limiter.allow(source("192.0.2.1", 1000 + i), nowNs)).isTrue();
    }
    assertThat(limiter.allow(source("192.0.2.1", 2000), nowNs)).isFalse();
    assertThat(limiter.allow(source("192.0.2.0", 2000), nowNs)).isTrue();
  }

  @Test
  void shouldNotTakeAnIpv4SourceForAnIpv6One() {
    for (int i = 0; i < 6; i++) {
      allow("0.0.0.1");
    }
    assertThat(allow("0:0:0:1::")).isTrue();
    assertThat(limiter.size()).isEqualTo(2);
  }

  @Test
  void shouldCountTheTimeOfRefusedPacketsOnce() {
    for (int i = 0; i < 5; i++) {
      allow("192.0.2.1");
    }
    for (int i = 0; i < 4; i++) {
      nowNs += 10_000_000;
      assertThat(allow("192.0.2.1")).isFalse();
    }
    nowNs += 10_000_000;
    assertThat(allow("192.0.2.1")).isTrue();
    assertThat(allow("192.0.2.1")).isFalse();
  }

  @Test
  void shouldNotGiveTokensForAClockThatStepsBack() {
    for (int i = 0; i < 5; i++) {
      allow("192.0.2.1");
    }
    nowNs -= SECOND / 2;
    assertThat(allow("192.0.2.1")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 100, 65_536})
  void shouldRefuseNewSourcesWhenFullAndOnlyThem(int capacity) {
    RateLimiter full = new RateLimiter(capacity, new Random(capacity));
    for (int i = 0; i < capacity; i++) {
      assertThat(full.allow(ipv4(i), nowNs)).isTrue();
    }
    assertThat(full.allow(ipv4(capacity), nowNs)).isFalse();
    assertThat(full.allow(source("2001:db8::1", 1), nowNs)).isFalse();
    assertThat(full.allow(ipv4(0), nowNs)).isTrue();
    assertThat(full.size()).isEqualTo(capacity);

    nowNs += SECOND + 1;
    assertThat(full.allow(ipv4(capacity), nowNs)).isTrue();
    assertThat(full.size()).isEqualTo(1);
  }

  @Test
  void shouldForgetOnlySourcesIdleForMoreThanASecond() {
    allow("192.0.2.1");
    nowNs += SECOND / 2;
    for (int i = 0; i < 6; i++) {
      allow("192.0.2.2");
    }
    nowNs += SECOND / 2; // a collection: the first is idle for exactly a second
    allow("192.0.2.3");
    assertThat(limiter.size()).isEqualTo(3);
    nowNs += SECOND; // the second and first are idle for more, the third is not
    allow("192.0.2.3");
    assertThat(limiter.size()).isEqualTo(1);
  }

  @Test
  void shouldEqualAMapOfBucketsOnRandomTraffic() {
    long seed = new Random().nextLong();
    System.out.println("RateLimiterTest seed " + seed);
    Random random = new Random(seed);
    RateLimiter table = new RateLimiter(10_000, random);
    Map<Integer, long[]> model = new HashMap<>();
    for (int i = 0; i < 100_000; i++) {
      nowNs += random.nextInt(1_000_000);
      int address = (int) (500 * Math.abs(random.nextGaussian()));
      long[] bucket = model.computeIfAbsent(address, a -> new long[] {250_000_000, nowNs});
      bucket[0] = Math.min(250_000_000, bucket[0] + nowNs - bucket[1]);
      bucket[1] = nowNs;
      boolean expected = bucket[0] >= 50_000_000;
      bucket[0] -= expected ? 50_000_000 : 0;
      assertThat(table.allow(ipv4(address), nowNs))
          .as("seed %d, packet %d", seed, i)
          .isEqualTo(expected);
    }
    assertThat(table.size()).isLessThan(model.size());
  }

  @Test
  void shouldRefuseAnImpossibleCapacity() {
    assertThatThrownBy(() -> new RateLimiter(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new RateLimiter(Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private boolean allow(String address) {
    return limiter.allow(source(address, 51820), nowNs);
  }

  private static Endpoint source(String address, int port) {
    return Endpoint.of(IpText.parse(address), port, 0);
  }

  private static Endpoint ipv4(int i) {
    byte[] address = {10, (byte) (i >>> 16), (byte) (i >>> 8), (byte) i};
    return Endpoint.of(address, 51820, 0);
  }
}
