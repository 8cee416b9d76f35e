package io.wgnetty.peers.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A web service that is slow, wrong or without end. */
class WebSourceTest {
  private static final PublicKey KEY =
      PublicKey.fromBase64("xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=");
  private static final String NAME = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg";

  @TempDir Path folder;
  private final CountDownLatch over = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private String token = "";

  @BeforeEach
  void begin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    answer("/good/" + NAME, 200, "{\"label\":\"a\"}");
    answer("/none/" + NAME, 404, "");
    answer("/broken/" + NAME, 500, "");
    server.createContext(
        "/slow/" + NAME,
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.createContext(
        "/endless/" + NAME,
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (over.getCount() > 0) {
              out.write(new byte[4096]);
            }
          } catch (IOException e) {
            // the client has had enough
          }
        });
    server.start();
  }

  private void answer(String path, int status, String body) {
    server.createContext(
        path,
        exchange -> {
          token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] bytes = body.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  @AfterEach
  void end() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private WebSource open(String path, Duration timeout) throws IOException {
    Path tokenFile = folder.resolve("token");
    Files.writeString(tokenFile, "abc\n");
    return new WebSource(
        SourceAddress.parse("http://127.0.0.1:" + server.getAddress().getPort() + path + "/{key}"),
        tokenFile,
        new Web(null, timeout));
  }

  @Test
  void shouldAskForAKeyAndShowItsToken() throws IOException, InterruptedException {
    try (WebSource source = open("/good", Duration.ofSeconds(30))) {
      StoredRecord found = Objects.requireNonNull(source.lookUp(KEY));
      assertThat(new String(Objects.requireNonNull(found.text()), UTF_8))
          .isEqualTo("{\"label\":\"a\"}");
      assertThat(source.keyOf(found.name())).isEqualTo(KEY);
      assertThat(token).isEqualTo("Bearer abc");
    }
  }

  @Test
  void shouldTellNobodyFromAFailure() throws IOException, InterruptedException {
    try (WebSource source = open("/none", Duration.ofSeconds(30))) {
      assertThat(source.lookUp(KEY)).isNull();
    }
    try (WebSource source = open("/broken", Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> source.lookUp(KEY)).hasMessageContaining("status 500");
    }
  }

  @Test
  void shouldNotWaitForEver() throws IOException {
    try (WebSource source = open("/slow", Duration.ofMillis(300))) {
      assertThatThrownBy(() -> source.lookUp(KEY)).hasMessageContaining("does not answer");
    }
  }

  @Test
  void shouldNotReadForEver() throws IOException {
    try (WebSource source = open("/endless", Duration.ofSeconds(30))) {
      assertThatThrownBy(() -> source.lookUp(KEY)).isInstanceOf(IOException.class);
    }
  }
}
