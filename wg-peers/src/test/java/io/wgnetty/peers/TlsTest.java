package io.wgnetty.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.wgnetty.peers.source.Web;
import io.wgnetty.setup.DirectoryOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates out of files. One that signed itself is authority, server and client here. */
class TlsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final String CERTIFICATE =
      """
      -----BEGIN CERTIFICATE-----
      MIIBhzCCASygAwIBAgIUYFxnfyWruPsiDvR+hF9jn9wvSk4wCgYIKoZIzj0EAwIw
      DzENMAsGA1UECgwEdGVzdDAgFw0yNjExMjkyMTQ3NTJaGA8yMTI2MTEwNTIxNDc1
      MlowDzENMAsGA1UECgwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABCP4
      z3PcKGsWZqOLGn/pG6OXgOn9yYhAXnlWpdylW88B3vuXPSmUtUUwJylX3grbghku
      eTob8RayN8GxfIzVnbOjZDBiMB0GA1UdDgQWBBScXvwwaE7EaAB8rqgNlyuTmLvd
      ojAfBgNVHSMEGDAWgBScXvwwaE7EaAB8rqgNlyuTmLvdojAPBgNVHRMBAf8EBTAD
      AQH/MA8GA1UdEQQIMAaHBH8AAAEwCgYIKoZIzj0EAwIDSQAwRgIhANZx13ZwsuzE
      FR7gWcnv1z8l206kQeik0PVM74ogdysoAiEA3SQ7+Bhz/UjlPlilUwrMIo6IEQSI
      Z8KyHeSpz/gYkUk=
      -----END CERTIFICATE-----
      """;

  private static final String KEY =
      """
      -----BEGIN PRIVATE KEY-----
      MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQahvZBKJsYSf6OYX
      kTZPk1I1uJOy9I2QVcKCtTKuyIehRANCAAQj+M9z3ChrFmajixp/6Rujl4Dp/cmI
      QF55VqXcpVvPAd77lz0plLVFMCcpV94K24IZLnk6G/EWsjfBsXyM1Z2z
      -----END PRIVATE KEY-----
      """;

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static DirectoryOptions options(
      @Nullable Path authorities, @Nullable Path certificate, @Nullable Path key) {
    return new DirectoryOptions(
        "etcds://127.0.0.1/wg",
        false,
        DirectoryOptions.IDLE,
        DirectoryOptions.TIME_TO_LIVE,
        null,
        null,
        null,
        authorities,
        certificate,
        key);
  }

  private static HttpsServer server(SSLContext context) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = context.getDefaultSSLParameters();
            wanted.setNeedClientAuth(true);
            parameters.setSSLParameters(wanted);
          }
        });
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static int status(HttpsServer server, @Nullable SSLContext context)
      throws IOException, InterruptedException {
    URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/");
    try (var web = new Web(context, TIMEOUT)) {
      return web.whole(HttpRequest.newBuilder(uri), 1000).status();
    }
  }

  @Test
  void shouldCheckTheServerAndShowItself() throws IOException, InterruptedException {
    Path certificate = file("own.pem", CERTIFICATE);
    Path key = file("own.key", KEY);
    SSLContext both = Objects.requireNonNull(Tls.of(options(certificate, certificate, key)));
    HttpsServer server = server(both);
    try {
      assertThat(status(server, both)).isEqualTo(204);
      assertThatThrownBy(() -> status(server, null)).hasMessageContaining("PKIX");
      SSLContext nobody = Tls.of(options(certificate, null, null));
      assertThatThrownBy(() -> status(server, nobody)).isInstanceOf(IOException.class);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void shouldLeaveItToTheJvmWhenNothingIsSaid() throws IOException {
    assertThat(Tls.of(options(null, null, null))).isNull();
  }

  @Test
  void shouldNameTheFileThatCannotBeUsed() throws IOException {
    Path certificate = file("own.pem", CERTIFICATE);
    Path none = folder.resolve("none.pem");
    Path wrong = file("wrong.pem", "nothing");
    assertThatThrownBy(() -> Tls.of(options(none, null, null))).hasMessageContaining("none.pem");
    assertThatThrownBy(() -> Tls.of(options(wrong, null, null))).hasMessageContaining("wrong.pem");
    assertThatThrownBy(() -> Tls.of(options(null, certificate, wrong)))
        .hasMessageContaining("wrong.pem")
        .hasMessageContaining("PKCS #8");
  }
}
