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
 * The time to find what a receiver index stands for, at random among {@code entries} live ones.
 *
 * <p>In the package of the table, which nobody else is to see. The entries are handshakes, which
 * are found the way sessions are, and take no handshake to make. {@code readEntry} is what is left
 * if finding costs nothing: the entry is read, and the reference to it.
 */
@NullUnmarked // JMH sets the fields
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"--enable-native-access=ALL-UNNAMED", "-Xmx2g", "-XX:+UseSerialGC"})
public class IndexTableBenchmark {
  private static final int QUESTIONS = 1 << 20;

  @Param({"100", "1000000"})
  int entries;

  private final int[] indices = new int[QUESTIONS];
  private final int[] numbers = new int[QUESTIONS];
  private PendingHandshake[] pending;
  private IndexTable table;
  private int next;

  @Setup
  public void setUp() {
    SplittableRandom random = new SplittableRandom(1);
    ShardState shard =
        new ShardState(
            ShardPlace.ONLY,
            Timings.STANDARD,
            new PeerDirectory(),
            random,
            () -> 0,
            ShardEvents.NONE,
            momentNs -> {});
    Peer peer = new Peer(PublicKey.of(new byte[PublicKey.BYTES]), shard);
    table = shard.indices();
    pending = new PendingHandshake[entries];
    for (int i = 0; i < entries; i++) {
      pending[i] = table.reserve(peer);
    }
    for (int i = 0; i < QUESTIONS; i++) {
      numbers[i] = random.nextInt(entries);
      indices[i] = pending[numbers[i]].localIndex();
    }
    System.gc();
  }

  @Benchmark
  public Object lookup() {
    return table.handshake(indices[next++ & (QUESTIONS - 1)]);
  }

  @Benchmark
  public int readEntry() {
    return pending[numbers[next++ & (QUESTIONS - 1)]].localIndex();
  }
}
