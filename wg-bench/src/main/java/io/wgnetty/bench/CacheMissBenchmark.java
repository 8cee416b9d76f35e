package io.wgnetty.bench;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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
 * What a lookup costs at least that has to go to memory: as many reads as {@code reads} of a table
 * of 64 MiB, at random, each of which says where the next one is. Lookups do not depend on each
 * other, as those of a batch do not.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx1g", "-XX:+UseSerialGC"})
public class CacheMissBenchmark {
  private static final int ENTRIES = 1 << 24;
  private static final int QUESTIONS = 1 << 20;

  @Param({"1", "2", "3"})
  int reads;

  private final int[] table = new int[ENTRIES];
  private final int[] questions = new int[QUESTIONS];
  private int next;

  @Setup
  public void setUp() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < ENTRIES; i++) {
      table[i] = random.nextInt(ENTRIES);
    }
    for (int i = 0; i < QUESTIONS; i++) {
      questions[i] = random.nextInt(ENTRIES);
    }
  }

  @Benchmark
  public int read() {
    int at = questions[next++ & (QUESTIONS - 1)];
    for (int i = 0; i < reads; i++) {
      at = table[at];
    }
    return at;
  }

  /** The same, but what is looked up next is known only when the last read is done. */
  @Benchmark
  public int readThenNext() {
    int at = questions[next & (QUESTIONS - 1)];
    for (int i = 0; i < reads; i++) {
      at = table[at];
    }
    next += 1 + (at >>> 24); // always 1
    return at;
  }
}
