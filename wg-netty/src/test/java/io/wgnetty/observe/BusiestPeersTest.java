package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.observe.TestInterface.Carried;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BusiestPeersTest {
  private final TestInterface wg0 = new TestInterface(1);
  private final BusiestPeers peers = new BusiestPeers("wg0", wg0, 2);
  private final PublicKey a = key(1);
  private final PublicKey b = key(2);
  private final PublicKey c = key(3);
  private final PublicKey d = key(4);

  private static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    return PublicKey.of(bytes);
  }

  private void carried(PublicKey key, long receivedBytes, long sentBytes) {
    wg0.carried.put(key, new Carried(receivedBytes, sentBytes));
  }

  private List<PublicKey> shown() {
    peers.look();
    return peers.shown().stream().map(BusiestPeers.Shown::key).toList();
  }

  @Test
  void shouldShowThoseThatCarriedMostSinceTheLookBefore() {
    carried(a, 1000, 0);
    carried(b, 10, 0);
    carried(c, 500, 0);
    assertThat(shown()).containsExactly(a, c);

    carried(b, 15, 200);
    carried(c, 501, 0);
    assertThat(shown()).containsExactly(b, c);
  }

  @Test
  void shouldSumWhatTheOthersCarriedAndNeverGoBack() {
    carried(a, 1000, 100);
    carried(b, 10, 1);
    carried(c, 500, 50);
    carried(d, 20, 2);
    shown();
    assertThat(peers.otherReceivedBytes()).isEqualTo(30);
    assertThat(peers.otherSentBytes()).isEqualTo(3);

    carried(b, 9010, 1); // shown now: its growth is not among the others'
    carried(c, 507, 50);
    shown();
    assertThat(peers.shown().getFirst().receivedBytes()).isEqualTo(9010);
    assertThat(peers.otherReceivedBytes()).isEqualTo(30);

    carried(a, 1001, 100);
    carried(b, 9500, 1);
    carried(d, 320, 2);
    shown();
    assertThat(peers.otherReceivedBytes()).isEqualTo(31);
  }

  @Test
  void shouldLetIdlePeersKeepTheirPlaces() {
    carried(a, 1, 0);
    carried(b, 2, 0);
    carried(c, 1_000_000, 0);
    carried(d, 1_000_000, 0);
    shown();
    carried(a, 100, 0);
    carried(b, 100, 0);
    assertThat(shown()).containsExactlyInAnyOrder(a, b);

    assertThat(shown()).containsExactlyInAnyOrder(a, b);
  }

  @Test
  void shouldForgetAPeerThatWasRemovedAndBeginAnewWithOneThatCameBack() {
    carried(a, 1000, 0);
    carried(b, 100, 0);
    carried(c, 10, 0);
    assertThat(shown()).containsExactly(a, b);

    wg0.carried.remove(a);
    assertThat(shown()).containsExactlyInAnyOrder(b, c);

    carried(a, 40, 0);
    carried(b, 130, 0);
    carried(c, 30, 0);
    assertThat(shown()).containsExactly(a, b);

    carried(b, 5, 0); // removed and added between two looks
    carried(c, 80, 0);
    shown();
    assertThat(peers.otherReceivedBytes()).isEqualTo(10 + 20 + 0);
  }

  @Test
  void shouldShowNobodyIfNobodyIsWanted() {
    var none = new BusiestPeers("wg0", wg0, 0);
    carried(a, 7, 8);
    none.look();

    assertThat(none.shown()).isEmpty();
    assertThat(none.otherReceivedBytes()).isEqualTo(7);
  }

  @Test
  void shouldBeScrapedUnderTheNamesOfOtherExporters() {
    wg0.labels.put(a, "alice's \"phone\"\\");
    wg0.allowedIps.put(a, List.of(IpPrefix.parse("10.0.0.2/32"), IpPrefix.parse("fd00::2/128")));
    wg0.allowedIps.put(
        b, IntStream.range(0, 9).mapToObj(i -> IpPrefix.parse("10.0." + i + ".0/24")).toList());
    carried(a, 1000, 2000);
    carried(b, 100, 200);
    carried(c, 10, 20);

    Exposition said = scrape(2);
    String others = "{allowed_ips=\"\",friendly_name=\"\",interface=\"wg0\",public_key=\"other\"}";
    String first =
        "{allowed_ips=\"10.0.0.2/32,fd00::2/128\",friendly_name=\"alice's \\\"phone\\\"\\\\\","
            + "interface=\"wg0\",public_key=\""
            + a.toBase64()
            + "\"}";
    assertThat(said.types)
        .containsEntry("wireguard_received_bytes_total", "counter")
        .containsEntry("wireguard_latest_handshake_seconds", "gauge");
    assertThat(said.value("wireguard_received_bytes_total" + first)).isEqualTo(1000);
    assertThat(said.value("wireguard_sent_bytes_total" + first)).isEqualTo(2000);
    assertThat(said.value("wireguard_latest_handshake_seconds" + first)).isEqualTo(1_700_000_000);
    assertThat(said.value("wireguard_received_bytes_total" + others)).isEqualTo(10);
    assertThat(said.value("wireguard_sent_bytes_total" + others)).isEqualTo(20);
    assertThat(said.values.keySet()).anyMatch(series -> series.contains("10.0.7.0/24,...\""));
  }

  @Test
  void shouldHaveNoSeriesOfPeersUnlessAskedFor() {
    carried(a, 1, 1);

    try (var meters = new NodeMeters(OptionalInt.empty(), () -> true)) {
      meters.add("wg0", wg0);
      assertThat(meters.scrape().content()).doesNotContain("wireguard_");
    }
  }

  @Test
  void shouldTakeAHundredThousandPeers() {
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = new byte[PublicKey.BYTES];
      bytes[0] = (byte) i;
      bytes[1] = (byte) (i >> 8);
      bytes[2] = (byte) (i >> 16);
      wg0.carried.put(PublicKey.of(bytes), new Carried(i, i));
    }

    Exposition said = scrape(20);

    assertThat(said.values.keySet().stream().filter(s -> s.startsWith("wireguard_sent_bytes")))
        .hasSize(21);
  }

  private Exposition scrape(int limit) {
    try (var meters = new NodeMeters(OptionalInt.of(limit), () -> true)) {
      meters.add("wg0", wg0);
      return new Exposition(meters.scrape().content());
    }
  }
}
