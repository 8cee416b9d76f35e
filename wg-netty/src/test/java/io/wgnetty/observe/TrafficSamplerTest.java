package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Rates out of counts: the highest by name, the rest together. */
class TrafficSamplerTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final TrafficSampler sampler = new TrafficSampler();

  private static PublicKey key(int number) {
    return PublicKey.of(ByteBuffer.allocate(PublicKey.BYTES).putInt(number).array());
  }

  private static PeerTraffic peer(int number, long received, long sent) {
    return new PeerTraffic(key(number), received, sent, 0);
  }

  @Test
  void shouldKnowNoRatesAtFirst() {
    TrafficSampler.Sample sample = sampler.sample(List.of(peer(1, 500, 700)), 17, 10);
    assertThat(sample.top()).hasSize(1);
    assertThat(sample.top().getFirst().bytesPerSecond()).isZero();
    assertThat(sample.top().getFirst().receivedBytes()).isEqualTo(500);
    assertThat(sample.restPeers()).isZero();
  }

  @Test
  void shouldNameTheHighestAndSumUpTheRest() {
    sampler.sample(List.of(peer(1, 0, 0), peer(2, 0, 0), peer(3, 0, 0), peer(4, 9, 9)), 0, 2);
    TrafficSampler.Sample sample =
        sampler.sample(
            List.of(peer(1, 100, 0), peer(2, 0, 4_000), peer(3, 900, 100), peer(4, 9, 9)),
            2 * SECOND,
            2);
    assertThat(sample.top())
        .extracting(TrafficSampler.PeerRate::publicKey)
        .containsExactly(key(2), key(3));
    assertThat(sample.top().getFirst().sentBytesPerSecond()).isEqualTo(2_000);
    assertThat(sample.top().getLast().receivedBytesPerSecond()).isEqualTo(450);
    assertThat(sample.restPeers()).isEqualTo(2);
    assertThat(sample.restReceivedBytesPerSecond()).isEqualTo(50);
    assertThat(sample.restSentBytesPerSecond()).isZero();
    assertThat(sample.restReceivedBytes()).isEqualTo(109);
    assertThat(sample.restSentBytes()).isEqualTo(9);
  }

  @Test
  void shouldNameNobodyWhenNobodyIsToBeNamed() {
    sampler.sample(List.of(peer(1, 0, 0)), 0, 0);
    TrafficSampler.Sample sample = sampler.sample(List.of(peer(1, 10, 0)), SECOND, 0);
    assertThat(sample.top()).isEmpty();
    assertThat(sample.restReceivedBytesPerSecond()).isEqualTo(10);
  }

  @Test
  void shouldForgetPeersThatAreGoneAndBeginAnewWithThoseThatAreBack() {
    sampler.sample(List.of(peer(1, 1_000, 0), peer(2, 0, 0)), 0, 5);
    sampler.sample(List.of(peer(2, 0, 0)), SECOND, 5);
    TrafficSampler.Sample back =
        sampler.sample(List.of(peer(1, 5_000, 0), peer(2, 0, 0)), 2 * SECOND, 5);
    assertThat(back.top()).allMatch(rate -> rate.bytesPerSecond() == 0);
    TrafficSampler.Sample fewer =
        sampler.sample(List.of(peer(1, 20, 0), peer(2, 0, 0)), 3 * SECOND, 5);
    assertThat(fewer.top()).as("counts went back").allMatch(rate -> rate.bytesPerSecond() == 0);
  }

  @Test
  void shouldAgreeWithSortingAll() {
    long seed = System.nanoTime();
    System.out.println("TrafficSamplerTest seed " + seed);
    var random = new SplittableRandom(seed);
    List<PeerTraffic> before = new ArrayList<>();
    List<PeerTraffic> after = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      long received = random.nextLong(1_000_000);
      before.add(peer(i, received, 0));
      after.add(peer(i, received + random.nextLong(1_000), random.nextLong(1_000)));
    }
    sampler.sample(before, 0, 20);
    TrafficSampler.Sample sample = sampler.sample(after, SECOND, 20);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      rates.add(
          (double)
              (after.get(i).receivedBytes()
                  - before.get(i).receivedBytes()
                  + after.get(i).sentBytes()));
    }
    rates.sort(Comparator.reverseOrder());
    assertThat(sample.top())
        .extracting(TrafficSampler.PeerRate::bytesPerSecond)
        .containsExactlyElementsOf(rates.subList(0, 20));
    double rest = rates.subList(20, 5_000).stream().mapToDouble(Double::doubleValue).sum();
    assertThat(sample.restReceivedBytesPerSecond() + sample.restSentBytesPerSecond())
        .isCloseTo(rest, within(0.01));
    assertThat(sample.restPeers()).isEqualTo(4_980);
  }
}
