package io.wgnetty.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ObservatoryTest {
  private static final long SOON_MS = 200;

  private final TestInterface wg0 = new TestInterface(2);
  private final Observatory observatory = open();

  private static Observatory open() {
    try {
      return Observatory.open(MetricsAddress.parse("0"), OptionalInt.empty(), SOON_MS);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    wg0.answers.release(100);
    observatory.close();
  }

  private String get(String path) {
    var at = observatory.address();
    try (Socket client = new Socket(at.getAddress(), at.getPort())) {
      String request = "GET " + path + " HTTP/1.0\r\n\r\n";
      client.getOutputStream().write(request.getBytes(ISO_8859_1));
      return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Exposition scrape() {
    String said = get("/metrics");
    assertThat(said)
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n");
    return new Exposition(said.substring(said.indexOf("\r\n\r\n") + 4));
  }

  @Test
  void shouldListenInTheFamilyThatWasGiven() throws IOException {
    try (var everywhere =
        Observatory.open(MetricsAddress.parse("0.0.0.0:0"), OptionalInt.empty(), SOON_MS)) {
      int port = everywhere.address().getPort();
      assertThat(everywhere.address().getAddress().getHostAddress()).isEqualTo("0.0.0.0");
      new Socket(InetAddress.ofLiteral("127.0.0.1"), port).close();
      assertThatThrownBy(() -> new Socket(InetAddress.ofLiteral("::1"), port).close())
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void shouldTellOfTheProcessWhenThereIsNoInterface() {
    Exposition said = scrape();

    assertThat(said.value("wgnetty_ready")).isZero();
    assertThat(said.types).containsKeys("jvm_memory_used_bytes", "process_uptime_seconds");
    assertThat(said.values.keySet()).noneMatch(series -> series.contains("interface="));
  }

  @Test
  void shouldShowTheCountersOfEachLoop() {
    wg0.set(1, 10);
    observatory.add("wg0", wg0);

    Exposition said = scrape();
    String loop1 = "{interface=\"wg0\",loop=\"1\"}";
    assertThat(said.value("wgnetty_received_packets_total" + loop1)).isEqualTo(10);
    assertThat(said.value("wgnetty_received_bytes_total" + loop1)).isEqualTo(1000);
    assertThat(said.value("wgnetty_sent_packets_total" + loop1)).isEqualTo(20);
    assertThat(said.value("wgnetty_loop_cpu_seconds_total" + loop1)).isEqualTo(15);
    assertThat(said.value("wgnetty_staged_packets" + loop1)).isEqualTo(10);
    assertThat(said.value("wgnetty_received_packets_total{interface=\"wg0\",loop=\"0\"}")).isZero();
  }

  @Test
  void shouldSumWhatNeedsNoLoop() {
    wg0.set(0, 1);
    wg0.set(1, 10);
    observatory.add("wg0", wg0);

    Exposition said = scrape();
    String wg = "{interface=\"wg0\"";
    assertThat(
            said.value(
                "wgnetty_drops_total{chain=\"inbound\",interface=\"wg0\",reason=\"not-authentic\","
                    + "stage=\"transport-decryptor\"}"))
        .isEqualTo(55);
    assertThat(
            said.value(
                "wgnetty_handshakes_total" + wg + ",result=\"completed\",role=\"answered\"}"))
        .isEqualTo(110);
    assertThat(
            said.value(
                "wgnetty_handshakes_total" + wg + ",result=\"given-up\",role=\"initiated\"}"))
        .isEqualTo(143);
    assertThat(said.value("wgnetty_cookies_sent_total" + wg + "}")).isEqualTo(154);
    assertThat(said.value("wgnetty_under_load" + wg + "}")).isEqualTo(1);
    assertThat(said.value("wgnetty_handshake_queue_jobs" + wg + "}")).isEqualTo(20);
    assertThat(said.value("wgnetty_offload_fallbacks_total" + wg + ",offload=\"udp-gso\"}"))
        .isEqualTo(165);
    assertThat(said.value("wgnetty_peers_heard" + wg + "}")).isEqualTo(21);
  }

  @Test
  void shouldShowBatchSizesAsAHistogram() {
    wg0.set(0, 1);
    observatory.add("wg0", wg0);

    Exposition said = scrape();
    String batch = "{batch=\"interface\",interface=\"wg0\"";
    assertThat(said.types).containsEntry("wgnetty_batch_size", "histogram");
    assertThat(said.value("wgnetty_batch_size_bucket" + batch + ",le=\"1.0\"}")).isEqualTo(1);
    assertThat(said.value("wgnetty_batch_size_bucket" + batch + ",le=\"4.0\"}")).isEqualTo(3);
    assertThat(said.value("wgnetty_batch_size_bucket" + batch + ",le=\"+Inf\"}")).isEqualTo(3);
    assertThat(said.value("wgnetty_batch_size_count" + batch + "}")).isEqualTo(3);
    assertThat(said.value("wgnetty_batch_size_sum" + batch + "}")).isEqualTo(7);
  }

  @Test
  void shouldKeepSeveralInterfacesApartAndForgetThoseThatEnd() {
    TestInterface wg1 = new TestInterface(1);
    wg1.set(0, 3);
    observatory.add("wg0", wg0);
    observatory.add("wg1", wg1);
    assertThat(scrape().value("wgnetty_received_packets_total{interface=\"wg1\",loop=\"0\"}"))
        .isEqualTo(3);

    observatory.remove("wg0");
    observatory.remove("wg0");

    Exposition said = scrape();
    assertThat(said.values.keySet()).noneMatch(series -> series.contains("interface=\"wg0\""));
    assertThat(said.values.keySet()).anyMatch(series -> series.contains("interface=\"wg1\""));
  }

  @Test
  void shouldBeReadyWhenItIsTold() {
    assertThat(get("/readyz")).startsWith("HTTP/1.1 503 ").endsWith("not ready\n");

    observatory.setReady(true);

    assertThat(get("/readyz")).startsWith("HTTP/1.1 200 ").endsWith("ready\n");
    assertThat(scrape().value("wgnetty_ready")).isEqualTo(1);
  }

  @Test
  void shouldBeUnhealthyWhileALoopDoesNotAnswer() {
    observatory.add("wg0", wg0);
    assertThat(get("/healthz")).startsWith("HTTP/1.1 200 ").endsWith("ok\n");

    int left = wg0.answers.drainPermits();
    assertThat(get("/healthz")).startsWith("HTTP/1.1 503 ").contains("an event loop has not");

    wg0.answers.release(left);
    await().until(() -> get("/healthz").startsWith("HTTP/1.1 200 "));
  }

  @Test
  void shouldLetNobodyAskForSeriesWithoutBound() {
    assertThatThrownBy(
            () ->
                Observatory.open(
                    MetricsAddress.parse("0"), OptionalInt.of(Observatory.MAX_PEERS + 1)))
        .hasMessageContaining("0 to " + Observatory.MAX_PEERS);
  }
}
