package io.wgnetty.observe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MetricsServerTest {
  private static final InetSocketAddress ANY_PORT = MetricsAddress.parse("0");
  private static final RequestDeadline.Limits SHORT = new RequestDeadline.Limits(300, 300, 300);

  private final CompletableFuture<Answer> late = new CompletableFuture<>();
  private final List<Socket> clients = new ArrayList<>();
  private MetricsServer server = open(RequestDeadline.Limits.USUAL);

  private MetricsServer open(RequestDeadline.Limits limits) {
    Map<String, Page> pages =
        Map.of(
            "/metrics",
            () -> CompletableFuture.completedStage(Answer.ok("text/plain", "wg 1\n")),
            "/late",
            () -> late,
            "/broken",
            () -> CompletableFuture.failedStage(new IllegalStateException("on purpose")));
    try {
      return MetricsServer.open(ANY_PORT, pages, limits);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
    server.close();
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(server.address().getAddress(), server.address().getPort());
    client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(30));
    clients.add(client);
    return client;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static void send(Socket client, String text) throws IOException {
    client.getOutputStream().write(bytes(text));
  }

  /** All that the server says until it closes. */
  private static String rest(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
  }

  /** What is answered to a request after which the connection ends. */
  private String exchange(String request) throws IOException {
    Socket client = connect();
    send(client, request);
    return rest(client);
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n";
  }

  @Test
  void shouldShowAPage() throws IOException {
    String said = exchange(get("/metrics"));

    assertThat(said).startsWith("HTTP/1.1 200 OK\r\n").endsWith("\r\n\r\nwg 1\n");
    assertThat(said.toLowerCase(java.util.Locale.ROOT))
        .contains("content-type: text/plain\r\n", "content-length: 5\r\n", "date: ")
        .doesNotContain("server:");
  }

  @Test
  void shouldShowTheSamePageWhateverStandsBehindTheQuestionMark() throws IOException {
    assertThat(exchange(get("/metrics?name%5B%5D=x"))).endsWith("wg 1\n");
  }

  @Test
  void shouldSendNoContentForHead() throws IOException {
    assertThat(exchange(get("/metrics").replace("GET", "HEAD")))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("content-length: 5\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void shouldCloseBehindTheAnswerForHttp10() throws IOException {
    assertThat(exchange("GET /metrics HTTP/1.0\r\n\r\n")).endsWith("wg 1\n");
  }

  @Test
  void shouldAnswerManyRequestsOfAConnectionInTheirOrder() throws IOException {
    Socket client = connect();
    String keep = "GET /late HTTP/1.1\r\nHost: node\r\n\r\n";
    send(client, keep + keep.replace("/late", "/nothing") + get("/metrics"));
    late.complete(Answer.ok("late"));

    String said = rest(client);
    assertThat(said.indexOf("late\n")).isPositive().isLessThan(said.indexOf("404"));
    assertThat(said).endsWith("wg 1\n");
  }

  @Test
  void shouldSayWhatThereIsInsteadOfAnUnknownPage() throws IOException {
    assertThat(exchange(get("/")))
        .startsWith("HTTP/1.1 404 ")
        .endsWith("there is /broken, /late, /metrics\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"})
  void shouldRefuseMethodsThatWouldChangeSomething(String method) throws IOException {
    assertThat(exchange(get("/metrics").replace("GET", method)))
        .startsWith("HTTP/1.1 405 ")
        .contains("allow: GET, HEAD\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n",
        "GET\r\n\r\n",
        "GET /metrics\r\n\r\n",
        "GET /metrics HTTP/9.x\r\n\r\n",
        "GET /metrics HTTP/1.1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost : node\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: node\r\n: x\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: node\r\nContent-Length: -1\r\n\r\n",
        "GET /metrics HTTP/1.1\r\nHost: node\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"
      })
  void shouldRefuseWhatIsNoProperRequest(String request) throws IOException {
    assertThat(exchange(request)).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void shouldTakeARequestThatComesInSmallPieces() throws IOException {
    Socket client = connect();
    client.setTcpNoDelay(true);
    String request = get("/metrics").replace("node", "x".repeat(6000));
    for (int i = 0; i < request.length(); i += 700) {
      send(client, request.substring(i, Math.min(i + 700, request.length())));
    }

    assertThat(rest(client)).endsWith("wg 1\n");
  }

  @Test
  void shouldRefuseLongLinesAndManyHeaders() throws IOException {
    assertThat(exchange(get("/" + "x".repeat(5000)))).startsWith("HTTP/1.1 414 ");
    assertThat(exchange(get("/").replace("node", "x".repeat(20_000)))).startsWith("HTTP/1.1 431 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked"})
  void shouldRefuseContent(String header) throws IOException {
    assertThat(exchange("GET /metrics HTTP/1.1\r\nHost: node\r\n" + header + "\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ")
        .doesNotContain("wg 1");
  }

  @Test
  void shouldSayThatAPageFailed() throws IOException {
    assertThat(exchange(get("/broken"))).startsWith("HTTP/1.1 500 ").doesNotContain("on purpose");
    assertThat(exchange(get("/metrics"))).endsWith("wg 1\n");
  }

  @Test
  void shouldServeOthersWhileClientsAreSlow() throws IOException {
    for (int i = 0; i < MetricsServer.MAX_CONNECTIONS - 1; i++) {
      send(connect(), "GET /metr");
    }

    assertThat(exchange(get("/metrics"))).endsWith("wg 1\n");
  }

  @Test
  void shouldCloseConnectionsBeyondItsLimitAndTakeNewOnesLater() throws IOException {
    for (int i = 0; i < MetricsServer.MAX_CONNECTIONS; i++) {
      Socket client = connect();
      send(client, "GET /metrics HTTP/1.1\r\nHost: node\r\n\r\n");
      assertThat(client.getInputStream().read()).isEqualTo('H');
    }
    assertThat(refused()).isTrue();

    clients.getFirst().close();
    await().until(() -> !refused());
  }

  private boolean refused() throws IOException {
    try {
      return exchange(get("/metrics")).isEmpty();
    } catch (SocketException e) {
      return true; // what was sent was not read: a reset
    }
  }

  @Test
  void shouldEndARequestThatTakesTooLongThoughBytesCome() throws IOException {
    server.close();
    server = open(SHORT);
    Socket client = connect();
    client.setSoTimeout(20); // a byte every so often
    send(client, "GET /metrics HTTP/1.1\r\nHost: node\r\nX: ");

    long beganNs = System.nanoTime();
    await().pollInterval(20, TimeUnit.MILLISECONDS).until(() -> !takesOneMore(client));
    assertThat(System.nanoTime() - beganNs).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(200));
  }

  private static boolean takesOneMore(Socket client) throws IOException {
    try {
      send(client, "x");
      return client.getInputStream().read() >= 0;
    } catch (java.net.SocketTimeoutException e) {
      return true;
    } catch (SocketException e) {
      return false;
    }
  }

  @Test
  void shouldEndSilentIdleAndUnansweredConnections() throws IOException {
    server.close();
    server = open(SHORT);
    Socket silent = connect();
    Socket idle = connect();
    send(idle, "GET /metrics HTTP/1.1\r\nHost: node\r\n\r\n");
    Socket unanswered = connect();
    send(unanswered, get("/late"));

    assertThat(rest(silent)).isEmpty();
    assertThat(rest(idle)).endsWith("wg 1\n");
    assertThat(rest(unanswered)).isEmpty();
  }

  @Test
  void shouldSayWhichPortIsTaken() {
    assertThatThrownBy(() -> MetricsServer.open(server.address(), Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1, port " + server.address().getPort())
        .hasMessageContaining("Address already in use");
  }

  @Test
  void shouldEndAllConnectionsWhenItCloses() throws IOException {
    Socket client = connect();
    send(client, "GET /metrics HTTP/1.1\r\nHost: node\r\n\r\n");
    assertThat(client.getInputStream().read()).isEqualTo('H');

    server.close();

    assertThat(rest(client)).endsWith("wg 1\n");
    assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
  }
}
