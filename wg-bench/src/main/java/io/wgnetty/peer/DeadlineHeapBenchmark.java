package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time to take the peer that is due and to put it back for later, among {@code armed} that have
 * deadlines: what a keepalive or a rekey costs beside its packet.
 */
@NullUnmarked // JMH sets the fields
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"--enable-native-access=ALL-UNNAMED", "-Xmx4g", "-XX:+UseSerialGC"})
public class DeadlineHeapBenchmark {
  private static final long INTERVAL_NS = 25_000_000_000L;

  @Param({"100", "1000000"})
  int armed;

  private final SplittableRandom random = new SplittableRandom(1);
  private final DeadlineHeap heap = new DeadlineHeap();

  @Setup
  public void setUp() {
    ShardState shard =
        new ShardState(
            ShardPlace.ONLY,
            Timings.STANDARD,
            new PeerDirectory(),
            random,
            () -> 0,
            ShardEvents.NONE,
            momentNs -> {});
    Peer[] peers = new Peer[armed];
    byte[] key = new byte[PublicKey.BYTES];
    for (int i = 0; i < armed; i++) {
      random.nextBytes(key);
      peers[i] = new Peer(PublicKey.of(key), shard);
    }
    // Not in the order in which they were made and lie in memory.
    for (int i = armed - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Peer peer = peers[i];
      peers[i] = peers[other];
      peers[other] = peer;
    }
    for (Peer peer : peers) {
      heap.schedule(peer, random.nextLong(INTERVAL_NS));
    }
    System.gc();
  }

  @Benchmark
  public Object expireAndArm() {
    long nowNs = heap.earliestNs();
    Peer due = heap.poll(nowNs);
    heap.schedule(due, nowNs + INTERVAL_NS + random.nextLong(INTERVAL_NS / 75));
    return due;
  }
}
