package io.wgnetty.crypto;

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
  private final MemorySegment packets =
      arena.allocate((long) AeadLoad.MANY_LARGE.packets * STRIDE_BYTES);
  private final Map<AeadLoad, Long> leastNs = new EnumMap<>(AeadLoad.class);
  private final AeadRun run = new AeadRun(AeadLoad.MANY_LARGE.packets);
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
    return AeadLengthTest.run(aead);
  }

  /** One round. What is done for one packet is done for several, one after the other. */
  void measure(AeadLoad load) {
    int runs = load.packets == 1 ? RUNS_OF_ONE : 1;
    long begin = clock.getAsLong();
    for (int i = 0; i < runs; i++) {
      fill(load, i, 0);
      aead.seal(key.address(), run);
    }
    for (int i = 0; i < runs; i++) {
      fill(load, i, Aead.TAG_BYTES);
      aead.open(key.address(), run);
    }
    long packetNs = (clock.getAsLong() - begin) / (2L * runs * load.packets);
    counter += RUNS_OF_ONE + load.packets; // the JDK's cipher is slow at one that it has just seen
    leastNs.merge(load, packetNs, Math::min);
  }

  /** Every run has places and counters of its own, so that what is opened is genuine. */
  private void fill(AeadLoad load, int first, int moreBytes) {
    run.clear();
    for (int i = first; i < first + load.packets; i++) {
      long place = packets.address() + (long) i * STRIDE_BYTES;
      run.add(place, place, load.lengthBytes + moreBytes, counter + i);
    }
  }

  AeadChoice.Measured result() {
    return new AeadChoice.Measured(provider, new AeadFigures(provider.name(), leastNs));
  }

  @Override
  public void close() {
    aead.close();
    arena.close();
  }
}
