package io.wgnetty.cipher;

import io.wgnetty.crypto.AeadProvider;
import java.util.List;
import java.util.function.LongSupplier;

/** What ciphers take for packets of several lengths, in runs and alone, for people to compare. */
public final class AeadTable {
  public static final List<Integer> LENGTHS = List.of(64, 576, 1424);

  /** More than it takes to choose: by then all code is compiled. */
  private static final int ROUNDS = 300;

  private AeadTable() {}

  /**
   * One cipher's figures.
   *
   * @param name the provider's
   * @param runs a packet of a run, for each of the lengths
   * @param single a packet alone, likewise
   */
  public record Row(String name, List<AeadTimes> runs, List<AeadTimes> single) {
    public Row {
      runs = List.copyOf(runs);
      single = List.copyOf(single);
    }
  }

  /**
   * Takes about a second.
   *
   * @param names of providers that are available
   * @param clock nanoseconds
   */
  public static List<Row> measure(List<String> names, LongSupplier clock) {
    return names.stream().map(name -> row(AeadProviders.named(name), clock)).toList();
  }

  private static Row row(AeadProvider provider, LongSupplier clock) {
    try (AeadTrial trial = new AeadTrial(provider, clock)) {
      return new Row(provider.name(), times(trial, AeadLoad.RUN), times(trial, 1));
    }
  }

  private static List<AeadTimes> times(AeadTrial trial, int packets) {
    return LENGTHS.stream().map(length -> least(trial, packets, length)).toList();
  }

  private static AeadTimes least(AeadTrial trial, int packets, int lengthBytes) {
    AeadTimes least = AeadTimes.LONGEST;
    for (int i = 0; i < ROUNDS; i++) {
      least = least.least(trial.time(packets, lengthBytes));
    }
    return least;
  }
}
