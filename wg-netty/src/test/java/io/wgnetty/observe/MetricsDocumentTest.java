package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/metrics.md lists what there is, and nothing else. */
class MetricsDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/metrics.md");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

  /** Of tables with this many columns, whose first column is code: each row's cells. */
  private static Map<String, List<String>> rows(String heading) throws IOException {
    String text = Files.readString(DOCUMENT);
    int begin = text.indexOf("\n## " + heading + "\n");
    assertThat(begin).as("the heading " + heading).isNotNegative();
    int end = text.indexOf("\n## ", begin + 1);
    Map<String, List<String>> rows = new LinkedHashMap<>();
    text.substring(begin, end)
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> Stream.of(line.split("\\|")).map(String::strip).toList())
        .forEach(
            cells -> {
              String name = cells.get(1).replace("`", "");
              assertThat(cells).as(name).hasSize(6).last().asString().isNotEmpty();
              assertThat(rows.put(name, cells)).as(name + " twice").isNull();
            });
    return rows;
  }

  private static Exposition scrape() {
    var wg0 = new TestInterface(1);
    wg0.carried.put(PublicKey.of(new byte[PublicKey.BYTES]), new TestInterface.Carried(1, 1));
    try (var meters = new NodeMeters(OptionalInt.of(1), () -> true)) {
      meters.add("wg0", wg0);
      meters.reloaded("wg0", true);
      var directory =
          new DirectoryStatus(
              "dir:/peers",
              false,
              0,
              null,
              0,
              1,
              0,
              0,
              0,
              Map.of("taken", 1L),
              Map.of("found", 1L),
              0);
      meters.directory("wg0", () -> directory);
      var cluster = new ClusterStatus("a", List.of(), 1, 1, 0, 0, Map.of("written", 1L));
      meters.cluster("wg0", () -> cluster);
      meters.hook("wg0", () -> new HookCounts(1, 0, 0));
      meters.radius("wg0", () -> new RadiusCounts(1, 0, 0, 0, 0, 1));
      return new Exposition(meters.scrape().content());
    }
  }

  private static Set<String> labels(Exposition said, String name) {
    String series =
        said.values.keySet().stream()
            .filter(one -> one.matches("\\Q" + name + "\\E(_bucket)?(\\{.*)?"))
            .findFirst()
            .orElseThrow();
    return LABEL
        .matcher(series)
        .results()
        .map(found -> found.group(1))
        .filter(label -> !label.equals("le")) // every histogram has that
        .collect(Collectors.toSet());
  }

  @Test
  void shouldListEveryMetricWithItsType() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    rows("The node").forEach((name, cells) -> documented.put(name, cells.get(2)));

    Map<String, String> exposed = new TreeMap<>(scrape().types);
    assertThat(documented).containsAllEntriesOf(exposed);

    // The machine decides which collector there is, and whether it has run.
    documented.keySet().removeIf(name -> name.startsWith("jvm_gc_"));
    exposed.keySet().removeIf(name -> name.startsWith("jvm_gc_"));
    assertThat(documented).containsExactlyEntriesOf(exposed);
  }

  @Test
  void shouldListTheLabelsOfEveryMetricOfOurs() throws IOException {
    Exposition said = scrape();

    rows("The node")
        .forEach(
            (name, cells) -> {
              if (name.startsWith("w")) {
                Set<String> documented = new HashSet<>(List.of(cells.get(4).split(", ")));
                documented.remove("");
                assertThat(labels(said, name)).as(name).isEqualTo(documented);
              }
            });
  }

  @Test
  void shouldExplainEveryDropReason() throws IOException {
    Map<String, List<String>> documented = rows("Drop reasons");

    assertThat(documented.keySet())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(DropReason.values()).map(DropReason::word).toList());
    for (DropReason reason : DropReason.values()) {
      List<String> cells = documented.getOrDefault(reason.word(), List.of());
      assertThat(cells.get(2)).as(reason.word()).isEqualTo(reason.stage().chain().word());
      assertThat(cells.get(3)).as(reason.word()).isEqualTo(reason.stage().word());
    }
  }
}
