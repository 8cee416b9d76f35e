package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.AeadRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long a cipher takes for each {@link AeadLoad}: the least of all rounds, since whatever
 * disturbs a measurement makes it longer.
 */
final class AeadTrial implements AutoCloseable {
  private static final int STRIDE_BYTES = 1536;
  private static final int RUNS_OF_ONE = 16;

  private final AeadProvider provider;
  private final LongSupplier clock;
  private final Aead aead;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment key = arena.allocate(Aead.KEY_BYTES);
  private final MemorySegment packets = arena.allocate((long) AeadLoad.RUN * STRIDE_BYTES);
  private final Map<AeadLoad, AeadTimes> times = new EnumMap<>(AeadLoad.class);
  private final AeadRun run = new AeadRun(AeadLoad.RUN);
  private long counter;

  /**
   * @param clock nanoseconds
   */
  AeadTrial(AeadProvider provider, LongSupplier clock) {
    this.provider = provider;
    this.clock = clock;
    this.aead = provider.create();
  }

  /** What is wrong with the cipher at some length; empty if nothing. */
  String problem() {
    return TestedAeadProvider.lengthProblem(provider, aead);
  }

  /** One round. */
  void measure(AeadLoad load) {
    times.merge(load, time(load.packets, load.lengthBytes), AeadTimes::least);
  }

  /** Times one run, or several of a single packet, one after the other. */
  AeadTimes time(int size, int lengthBytes) {
    int runs = size == 1 ? RUNS_OF_ONE : 1;
    long begin = clock.getAsLong();
    for (int i = 0; i < runs; i++) {
      fill(i, size, lengthBytes);
      aead.seal(key.address(), run);
    }
    long sealed = clock.getAsLong();
    for (int i = 0; i < runs; i++) {
      fill(i, size, lengthBytes + Aead.TAG_BYTES);
      aead.open(key.address(), run);
    }
    long end = clock.getAsLong();
    counter += AeadLoad.RUN; // the JDK's cipher is slow at one that it has just seen
    long count = (long) runs * size;
    return new AeadTimes((sealed - begin) / count, (end - sealed) / count);
  }

  /** Every run has places and counters of its own, so that what is opened is genuine. */
  private void fill(int first, int size, int lengthBytes) {
    run.clear();
    for (int i = first; i < first + size; i++) {
      long place = packets.address() + (long) i * STRIDE_BYTES;
      run.add(place, place, lengthBytes, counter + i);
    }
  }

  AeadChoice.Measured result() {
    Map<AeadLoad, Long> packetNs = new EnumMap<>(AeadLoad.class);
    times.forEach((load, least) -> packetNs.put(load, least.meanNs()));
    return new AeadChoice.Measured(provider, new AeadFigures(provider.name(), packetNs));
  }

  @Override
  public void close() {
    aead.close();
    arena.close();
  }
}
