package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.LonePeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The series of all peers, piece by piece. */
@Timeout(120)
class PeersPageTest {
  private final TestInterface wg0 = new TestInterface(1);
  private final PeersPage page = new PeersPage(true);

  private static PublicKey key(int number) {
    return LonePeer.numbered(number).publicKey();
  }

  private static AnswerPieces pieces(Answer answer) {
    return Objects.requireNonNull(answer.pieces());
  }

  private static String text(Answer answer) {
    var text = new StringBuilder();
    try (AnswerPieces pieces = pieces(answer)) {
      pieces.forEachRemaining(text::append);
    }
    return text.toString();
  }

  @Test
  void shouldTellOfEachPeerInFamilies() {
    wg0.carried.put(key(1), new TestInterface.Carried(11, 12));
    wg0.carried.put(key(2), new TestInterface.Carried(21, 22));
    wg0.labels.put(key(1), "Ada's \"phone\" \\ 1");
    page.add("wg0", wg0);
    page.add("wg1", new TestInterface(1));
    String one = key(1).toBase64();
    String two = key(2).toBase64();
    String name = ",friendly_name=\"Ada's \\\"phone\\\" \\\\ 1\"";
    assertThat(text(page.answer()).lines())
        .containsExactly(
            "# HELP wgnetty_peer_received_bytes_total Bytes received from the peer",
            "# TYPE wgnetty_peer_received_bytes_total counter",
            "wgnetty_peer_received_bytes_total{interface=\"wg0\",public_key=\""
                + one
                + "\""
                + name
                + "} 11",
            "wgnetty_peer_received_bytes_total{interface=\"wg0\",public_key=\""
                + two
                + "\",friendly_name=\"\"} 21",
            "# HELP wgnetty_peer_sent_bytes_total Bytes sent to the peer",
            "# TYPE wgnetty_peer_sent_bytes_total counter",
            "wgnetty_peer_sent_bytes_total{interface=\"wg0\",public_key=\""
                + one
                + "\""
                + name
                + "} 12",
            "wgnetty_peer_sent_bytes_total{interface=\"wg0\",public_key=\""
                + two
                + "\",friendly_name=\"\"} 22",
            "# HELP wgnetty_peer_latest_handshake_seconds When the latest handshake was, in seconds"
                + " since 1970; 0 if never",
            "# TYPE wgnetty_peer_latest_handshake_seconds gauge",
            "wgnetty_peer_latest_handshake_seconds{interface=\"wg0\",public_key=\""
                + one
                + "\""
                + name
                + "} 1700000000",
            "wgnetty_peer_latest_handshake_seconds{interface=\"wg0\",public_key=\""
                + two
                + "\",friendly_name=\"\"} 1700000000");
  }

  @Test
  void shouldTellTotalsWithTheirGeneration() {
    page.add("wg0", wg0);
    page.totals("wg0", () -> List.of(new PeerTraffic(key(1), 5000, 6000, 0, -1)), () -> 1234L);
    page.totals("gone", List::of, () -> 1L);
    assertThat(text(page.answer()).lines())
        .contains("wgnetty_accounts_generation_seconds{interface=\"wg0\"} 1234")
        .anyMatch(line -> line.startsWith("wgnetty_peer_received") && line.endsWith(" 5000"))
        .noneMatch(line -> line.contains("gone"));
    page.remove("wg0");
    assertThat(text(page.answer())).doesNotContain("wg0");
  }

  @Test
  void shouldShowNobodyUnasked() {
    var quiet = new PeersPage(false);
    wg0.carried.put(key(1), new TestInterface.Carried(11, 12));
    quiet.add("wg0", wg0);
    assertThat(quiet.answer().status()).isEqualTo(404);
    quiet.add("wg1", wg0);
    quiet.totals("wg1", () -> List.of(new PeerTraffic(key(1), 1, 1, 0, -1)), () -> 1L);
    assertThat(text(quiet.answer())).contains("wg1").doesNotContain("wg0");
  }

  @Test
  void shouldRefuseMoreThanAFewAtATime() {
    page.add("wg0", wg0);
    List<Answer> open = new ArrayList<>();
    for (int i = 0; i < PeersPage.MAX_AT_ONCE; i++) {
      open.add(page.answer());
    }
    assertThat(page.answer().status()).isEqualTo(503);
    pieces(open.getFirst()).close();
    pieces(open.getFirst()).close();
    assertThat(page.underWay()).isEqualTo(PeersPage.MAX_AT_ONCE - 1);
    Answer again = page.answer();
    assertThat(again.status()).isEqualTo(200);
    pieces(again).close();
    open.forEach(answer -> pieces(answer).close());
    assertThat(page.underWay()).isZero();
  }

  @Test
  void shouldMakeTheTextOfManyPeersInSmallPieces() {
    List<PeerTraffic> many = many(100_000);
    page.add("wg0", wg0);
    page.totals("wg0", () -> many, () -> 1L);
    long lines = 0;
    int longest = 0;
    try (AnswerPieces pieces = pieces(page.answer())) {
      while (pieces.hasNext()) {
        String piece = pieces.next();
        longest = Math.max(longest, piece.length());
        lines += piece.chars().filter(c -> c == '\n').count();
      }
    }
    assertThat(lines).isEqualTo(300_000 + 3 * 2 + 3);
    assertThat(longest).isLessThan(70_000);
  }

  private static List<PeerTraffic> many(int count) {
    List<PeerTraffic> many = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] key = new byte[PublicKey.BYTES];
      key[0] = (byte) i;
      key[1] = (byte) (i >> 8);
      key[2] = (byte) (i >> 16);
      many.add(new PeerTraffic(PublicKey.of(key), i, 2L * i, 0, -1));
    }
    return many;
  }

  private static Socket connect(Observatory observatory, String request) throws IOException {
    InetSocketAddress address = observatory.address();
    var client = new Socket(address.getAddress(), address.getPort());
    client.setReceiveBufferSize(1 << 16);
    client.setSoTimeout(30_000);
    client.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    return client;
  }

  private static String get(String version, String method) {
    return method + " /metrics/peers HTTP/" + version + "\r\nHost: a\r\nConnection: close\r\n\r\n";
  }

  @Test
  void shouldSendItInChunksAndGoOnAfterAClientThatLeft() throws Exception {
    List<PeerTraffic> many = many(50_000);
    try (var observatory = Observatory.open(MetricsAddress.parse("0"), OptionalInt.empty())) {
      observatory.add("wg0", wg0);
      observatory.totals("wg0", () -> many, () -> 1L);
      for (int i = 0; i < 3 * PeersPage.MAX_AT_ONCE; i++) {
        Socket leaving = connect(observatory, get("1.1", "GET"));
        assertThat(leaving.getInputStream().read()).isEqualTo('H');
        leaving.close();
      }
      long endNs = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      List<String> said = lines(observatory, "1.1");
      while (said.getFirst().contains("503") && System.nanoTime() < endNs) {
        Thread.sleep(100);
        said = lines(observatory, "1.1");
      }
      assertThat(said.getFirst()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(said).contains("transfer-encoding: chunked").last().isEqualTo("");
      long samples = said.stream().filter(line -> line.startsWith("wgnetty_peer_sent")).count();
      assertThat(samples).as("chunks end with lines").isEqualTo(50_000);

      List<String> old = lines(observatory, "1.0");
      assertThat(old.getFirst()).endsWith("200 OK");
      assertThat(old).noneMatch(line -> line.startsWith("transfer-encoding"));
      assertThat(old.stream().filter(line -> line.startsWith("wgnetty_peer_sent")).count())
          .isEqualTo(50_000);

      try (Socket head = connect(observatory, get("1.1", "HEAD"))) {
        String answer = new String(head.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\n");
        assertThat(answer).doesNotContain("wgnetty_peer");
      }
    }
  }

  private static List<String> lines(Observatory observatory, String version) throws IOException {
    try (Socket client = connect(observatory, get(version, "GET"));
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8))) {
      return in.lines().toList();
    }
  }
}
