package io.wgnetty.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TopScreenTest {
  private static final long NOW = 1_000_000;

  private static Facts peer(String label, String state, long rate, long handshake) {
    var peer = new Facts();
    peer.add("public_key", "ab".repeat(32));
    if (!label.isEmpty()) {
      peer.add("label", label);
    }
    peer.add("endpoint", "[2001:db8::1234:5678:9abc:def0]:51820");
    peer.add("rx_rate", Long.toString(rate));
    peer.add("tx_rate", "0");
    peer.add("rx_bytes", "1234567890123");
    peer.add("tx_bytes", "999");
    peer.add("last_handshake_time_sec", Long.toString(handshake));
    peer.add("handshake_state", state);
    return peer;
  }

  private static NodeReport report(Facts... peers) {
    var report = NodeReport.named("wg0");
    report.node().add("peers", "100000");
    report.node().add("peers_with_session", "7");
    report.node().add("rx_rate", "125000000");
    report.peers().addAll(List.of(peers));
    return report;
  }

  @Test
  void shouldDrawHeadAndRows() {
    var screen = new TopScreen(new Palette(false), NOW);
    List<String> lines =
        screen.render(
            report(peer("laptop", "established", 1500, NOW - 75), peer("", "none", 0, 0)),
            TopOrder.RATE,
            40,
            140);
    assertThat(lines).hasSize(TopScreen.HEAD_LINES + 2);
    assertThat(lines.get(0))
        .isEqualTo("wg0   peers 100000, with session 7   rows 41-42   sorted by rate");
    assertThat(lines.get(1)).contains("in 1.00 Gbit/s", "out 0 bit/s");
    assertThat(lines.get(4))
        .startsWith("laptop           [2001:db8::1234:5678:9abc…")
        .contains("12.00 K", "1.23 TB", "999 B", "1m15s established");
    assertThat(lines.get(5)).startsWith("q6urq6urq6urq6u… ").endsWith(" - none");
  }

  @Test
  void shouldLeaveTotalsOutFirstAndThenTheEndpoint() {
    var screen = new TopScreen(new Palette(false), NOW);
    NodeReport report = report(peer("laptop", "established", 1500, NOW - 75));
    assertThat(screen.render(report, TopOrder.RATE, 0, 105).getLast())
        .isEqualTo(
            "laptop           [2001:db8::1234:5678:9abc…   12.00 K        0    1.23 TB     999 B     1m15s established");
    assertThat(screen.render(report, TopOrder.RATE, 0, 80).getLast())
        .isEqualTo(
            "laptop           [2001:db8::1234:5678…   12.00 K        0      1m15s established");
    assertThat(screen.render(report, TopOrder.RATE, 0, 60).getLast())
        .isEqualTo("laptop             12.00 K        0      1m15s established");
  }

  @Test
  void shouldFitAnyWindow() {
    var screen = new TopScreen(new Palette(false), NOW);
    for (int columns = 1; columns < 200; columns++) {
      for (String line :
          screen.render(
              report(peer("häßlich\033[2J", "initiating", 1, NOW)), TopOrder.RX, 0, columns)) {
        assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(columns);
        assertThat(line).doesNotContain("\033");
      }
    }
  }

  @Test
  void shouldColourByState() {
    var screen = new TopScreen(new Palette(true), NOW);
    List<String> lines =
        screen.render(
            report(
                peer("a", "established", 0, NOW),
                peer("b", "initiating", 0, NOW),
                peer("c", "expired", 0, NOW)),
            TopOrder.RATE,
            0,
            120);
    assertThat(lines.get(4)).startsWith("\033[32m").endsWith("\033[0m");
    assertThat(lines.get(5)).startsWith("\033[33m");
    assertThat(lines.get(6)).doesNotContain("\033");
  }

  @Test
  void shouldWriteNumbersInThreeDigits() {
    assertThat(TopScreen.number(0)).isEqualTo("0 ");
    assertThat(TopScreen.number(999)).isEqualTo("999 ");
    assertThat(TopScreen.number(1000)).isEqualTo("1.00 K");
    assertThat(TopScreen.number(123_456)).isEqualTo("123.5 K");
    assertThat(TopScreen.number(Long.MAX_VALUE)).isEqualTo("9223.4 P");
  }
}
