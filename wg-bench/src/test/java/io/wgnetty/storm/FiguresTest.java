package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FiguresTest {
  private final Figures figures = new Figures();

  @Test
  void shouldPrintATableForPeople() {
    figures.count("in", "in", 12_345);
    figures.time("half_in_s", "half in after", OptionalLong.of(1_234_000_000L));
    figures.number("tcp_ratio", "ratio", OptionalDouble.of(0.5), "");
    figures.number("tcp", "TCP", OptionalDouble.empty(), "Mbit/s");

    assertThat(figures.table())
        .isEqualTo(
            """
            |               | |
            |---|---|
            | in            | 12,345 |
            | half in after | 1.23 s |
            | ratio         | 0.50 |
            | TCP           | - |
            """);
  }

  @Test
  void shouldPrintTheSameAsJson() {
    figures.text("against", "against", "a \"quoted\" \\ word");
    figures.count("in", "in", 12_345);
    figures.time("all_in_s", "all in after", OptionalLong.empty());
    figures.number("tcp_ratio", "ratio", OptionalDouble.of(0.5), "");
    figures.counts("drops", "drops", new TreeMap<>(Map.of("replayed", 3L, "busy", 1L)));

    assertThat(figures.json())
        .isEqualTo(
            "{\"against\": \"a \\\"quoted\\\" \\\\ word\", \"in\": 12345, \"all_in_s\": null, "
                + "\"tcp_ratio\": 0.5000, \"drops\": {\"busy\": 1, \"replayed\": 3}}");
  }

  @Test
  void shouldNameTimesByTheirSize() {
    assertThat(Figures.readableTime(1_500_000)).isEqualTo("1.50 ms");
    assertThat(Figures.readableTime(150_000_000)).isEqualTo("150 ms");
    assertThat(Figures.readableTime(15_000_000_000L)).isEqualTo("15.00 s");
  }
}
