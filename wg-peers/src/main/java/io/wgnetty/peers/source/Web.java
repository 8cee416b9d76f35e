package io.wgnetty.peers.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** An HTTP client whose answers come in time and are not too long, or not at all. */
public final class Web implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  private final ExecutorService threads =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("peers-http-", 0).factory());
  private final HttpClient client;
  private final Duration timeout;

  /**
   * A client.
   *
   * @param timeout for an answer as a whole
   */
  public Web(@Nullable SSLContext tls, Duration timeout) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(threads);
    this.client = (tls == null ? builder : builder.sslContext(tls)).build();
    this.timeout = timeout;
  }

  /** What was answered. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Answer(int status, byte[] body) {}

  /** A whole answer; longer ones than this are failures. */
  public Answer whole(HttpRequest.Builder request, int maxBytes)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> response =
        await(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), maxBytes), timeout);
    return new Answer(response.statusCode(), response.body());
  }

  /**
   * An answer that goes on and on; the caller closes its body, and waits for each part itself.
   *
   * @param patience until it begins
   */
  public HttpResponse<InputStream> stream(HttpRequest.Builder request, Duration patience)
      throws IOException, InterruptedException {
    return await(request, BodyHandlers.ofInputStream(), patience);
  }

  private <T> HttpResponse<T> await(
      HttpRequest.Builder request, BodyHandler<T> handler, Duration patience)
      throws IOException, InterruptedException {
    HttpRequest built = request.build();
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(built, handler);
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(server(built.uri()) + " does not answer", e);
    } catch (ExecutionException e) {
      throw failure(built.uri(), e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static IOException failure(URI uri, @Nullable Throwable cause) {
    String message = cause == null ? null : cause.getMessage();
    String reason =
        message != null
            ? message
            : cause instanceof java.net.ConnectException
                ? "cannot be reached"
                : String.valueOf(cause);
    return new IOException(server(uri) + ": " + reason, cause);
  }

  private static String server(URI uri) {
    return uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
  }

  @Override
  public void close() {
    client.shutdownNow();
    threads.shutdownNow();
  }
}
