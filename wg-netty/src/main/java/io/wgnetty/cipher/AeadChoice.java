package io.wgnetty.cipher;

import io.wgnetty.crypto.AeadProvider;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which cipher is used for what, and what was measured to choose it.
 *
 * @param providers for each load
 * @param figures of each cipher that was measured; empty before that
 * @param problems what is wrong with ciphers that must not be used, by their names
 */
public record AeadChoice(
    Map<AeadLoad, AeadProvider> providers,
    List<AeadFigures> figures,
    Map<String, String> problems) {
  /** Another cipher for a load that it does best must be worth its instance: better by a tenth. */
  private static final double WORTH = 0.9;

  public AeadChoice {
    providers = Map.copyOf(providers);
    figures = List.copyOf(figures);
    problems = Map.copyOf(problems);
  }

  /** One cipher for everything, not measured. */
  static AeadChoice of(AeadProvider provider) {
    Map<AeadLoad, AeadProvider> providers = new EnumMap<>(AeadLoad.class);
    for (AeadLoad load : AeadLoad.values()) {
      providers.put(load, provider);
    }
    return new AeadChoice(providers, List.of(), Map.of());
  }

  /**
   * The fastest for each load. What is fastest for large runs is used for all else too, unless
   * another is clearly better at it.
   *
   * @param measured with figures for every load; at least one
   */
  static AeadChoice fastest(List<Measured> measured, Map<String, String> problems) {
    Measured bulk = fastest(measured, AeadLoad.MANY_LARGE);
    Map<AeadLoad, AeadProvider> providers = new EnumMap<>(AeadLoad.class);
    for (AeadLoad load : AeadLoad.values()) {
      Measured best = fastest(measured, load);
      boolean worth = best.figures().packetNs(load) < WORTH * bulk.figures().packetNs(load);
      providers.put(load, (worth ? best : bulk).provider());
    }
    return new AeadChoice(providers, measured.stream().map(Measured::figures).toList(), problems);
  }

  /** The names of what a provider uses at the moment, for whatever load. */
  public static Set<String> used(@Nullable AeadProvider provider) {
    if (provider == null) {
      return Set.of();
    }
    return provider instanceof AeadChooser chooser
        ? chooser.choice().providers().values().stream()
            .map(AeadProvider::name)
            .collect(Collectors.toSet())
        : Set.of(provider.name());
  }

  private static Measured fastest(List<Measured> measured, AeadLoad load) {
    return Collections.min(
        measured, Comparator.comparingLong(each -> each.figures().packetNs(load)));
  }

  /** One of those to choose from. */
  record Measured(AeadProvider provider, AeadFigures figures) {}

  AeadProvider provider(AeadLoad load) {
    return Objects.requireNonNull(providers.get(load), "a cipher for every load");
  }

  /** The name of the cipher for a load. */
  public String name(AeadLoad load) {
    return provider(load).name();
  }

  /** What the cipher for a load takes for a packet, in nanoseconds; 0 if it was not measured. */
  public long packetNs(AeadLoad load) {
    String name = name(load);
    return figures.stream()
        .filter(each -> each.name().equals(name) && each.packetNs().containsKey(load))
        .mapToLong(each -> each.packetNs(load))
        .findFirst()
        .orElse(0);
  }
}
