package io.wgnetty.bench;

import io.wgnetty.protocol.ReplayWindow;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The time to accept or refuse one counter. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class ReplayWindowBenchmark {
  private final ReplayWindow inOrder = new ReplayWindow();
  private final ReplayWindow swapped = new ReplayWindow();
  private final ReplayWindow replayed = new ReplayWindow();
  private long next;

  /** What almost every packet is. */
  @Benchmark
  public boolean inOrder() {
    return inOrder.accept(next++);
  }

  /** Each group of eight arrives backwards. */
  @Benchmark
  public boolean swapped() {
    return swapped.accept(next++ ^ 7);
  }

  /** Refused: the counter was seen. */
  @Benchmark
  public boolean replayed() {
    return replayed.accept(1);
  }
}
