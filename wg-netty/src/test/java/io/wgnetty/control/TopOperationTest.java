package io.wgnetty.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerTraffic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TopOperationTest {
  private static final long SECOND_NS = 1_000_000_000;

  private final FakeDevice device = new FakeDevice();
  private long nowNs = 5 * SECOND_NS;
  private final TopOperation top = new TopOperation(device, () -> nowNs);

  private static PublicKey key(int i) {
    String digits = Integer.toHexString(i + 1);
    return PublicKey.fromHex("0".repeat(64 - digits.length()) + digits);
  }

  private void peers(int count) {
    for (int i = 0; i < count; i++) {
      device.apply(
          List.of(new PeerChange(key(i), false, false, null, null, null, false, List.of())));
    }
  }

  private List<String> ask(Map<String, String> arguments) throws OperationFailure {
    List<String> lines = new ArrayList<>();
    top.run(arguments, (key, value) -> lines.add(key + "=" + value));
    return lines;
  }

  private static List<String> values(List<String> lines, String key) {
    return lines.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1))
        .toList();
  }

  @Test
  void shouldSortByRateBetweenTwoSamples() throws OperationFailure {
    peers(4);
    device.traffic(key(0), 0, 1_000_000, 1_000_000);
    ask(Map.of());
    nowNs += 2 * SECOND_NS;
    device.traffic(key(1), 0, 200, 0);
    device.traffic(key(2), 0, 100, 500);
    device.traffic(key(0), 0, 1_000_010, 1_000_000);
    List<String> lines = ask(Map.of());
    assertThat(values(lines, "public_key"))
        .containsExactly(key(2).toHex(), key(1).toHex(), key(0).toHex(), key(3).toHex());
    assertThat(values(lines, "rx_rate")).containsExactly("155", "50", "100", "5", "0");
    assertThat(values(lines, "tx_rate")).startsWith("250", "250", "0");
    assertThat(lines).contains("interval_ms=2000", "peers=4");
  }

  @Test
  void shouldSortByEveryOrder() throws OperationFailure {
    peers(3);
    ask(Map.of());
    nowNs += SECOND_NS;
    device.traffic(key(0), 9 * SECOND_NS, 10, 90);
    device.traffic(key(1), 8 * SECOND_NS, 30, 10);
    device.traffic(key(2), 7 * SECOND_NS, 20, 20);
    assertThat(values(ask(Map.of("sort", "rx")), "public_key")).first().isEqualTo(key(1).toHex());
    assertThat(values(ask(Map.of("sort", "tx")), "public_key")).first().isEqualTo(key(0).toHex());
    assertThat(values(ask(Map.of("sort", "total")), "public_key"))
        .first()
        .isEqualTo(key(0).toHex());
    assertThat(values(ask(Map.of("sort", "handshake")), "public_key"))
        .last()
        .isEqualTo(key(2).toHex());
    assertThatThrownBy(() -> ask(Map.of("sort", "colour"))).hasMessageContaining("handshake, rate");
  }

  @Test
  void shouldLookUpTheRowsAskedForOnly() throws OperationFailure {
    peers(1_000);
    for (int i = 0; i < 1_000; i++) {
      device.traffic(key(i), 0, i, 0);
    }
    device.snapshotsPerCall.clear();
    List<String> lines = ask(Map.of("sort", "total", "first", "10", "count", "5"));
    assertThat(values(lines, "public_key"))
        .containsExactly(
            key(989).toHex(),
            key(988).toHex(),
            key(987).toHex(),
            key(986).toHex(),
            key(985).toHex());
    assertThat(device.snapshotsPerCall).endsWith(5);
    assertThat(values(ask(Map.of("first", "1000")), "public_key")).isEmpty();
    assertThat(values(ask(Map.of("first", "998")), "public_key")).hasSize(2);
  }

  @Test
  void shouldRefuseNumbersThatAreNone() {
    for (String bad : new String[] {"-1", "x", "", "99999999", "1048577"}) {
      assertThatThrownBy(() -> ask(Map.of("first", bad))).hasMessageContaining("first");
    }
    assertThatThrownBy(() -> ask(Map.of("count", "1001"))).hasMessageContaining("0..1000");
  }

  @Test
  void shouldShareSampleAmongThoseWhoAskAtTheSameTime() throws OperationFailure {
    peers(1);
    ask(Map.of());
    nowNs += SECOND_NS;
    device.traffic(key(0), 0, 1000, 0);
    assertThat(values(ask(Map.of()), "rx_rate")).startsWith("1000");
    nowNs += PeerRates.MIN_INTERVAL_NS / 2;
    assertThat(values(ask(Map.of()), "rx_rate")).startsWith("1000");
    nowNs += PeerRates.MAX_INTERVAL_NS + 1;
    assertThat(values(ask(Map.of()), "rx_rate")).as("who comes back much later").startsWith("0");
  }

  @Test
  void shouldSelectWhatSortingEverythingWouldGive() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      List<PeerRates.Row> rows = new ArrayList<>();
      int size = random.nextInt(200);
      for (int i = 0; i < size; i++) {
        rows.add(new PeerRates.Row(new PeerTraffic(key(i), random.nextInt(20), 0, 0, -1), 0, 0));
      }
      Comparator<PeerRates.Row> order = Comparator.comparingLong(PeerRates.Row::bytes);
      int first = random.nextInt(60);
      int count = random.nextInt(60);
      List<Long> expected =
          rows.stream()
              .sorted(order.reversed())
              .skip(first)
              .limit(count)
              .map(PeerRates.Row::bytes)
              .toList();
      assertThat(TopOperation.select(rows, order, first, count))
          .as("seed %d", seed)
          .extracting(PeerRates.Row::bytes)
          .isEqualTo(expected);
    }
  }
}
