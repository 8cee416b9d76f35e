package io.wgnetty.peers.source;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.record.RecordReader;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A web service that is asked for one key at a time, and answers with a record as JSON. */
public final class WebSource implements PeerSource {
  private final SourceAddress address;
  private final @Nullable Path tokenFile;
  private final Web web;
  private final CountDownLatch closed = new CountDownLatch(1);

  public WebSource(SourceAddress address, @Nullable Path tokenFile, Web web) {
    this.address = address;
    this.tokenFile = tokenFile;
    this.web = web;
  }

  /** It tells nothing by itself. */
  @Override
  public void follow(SourceListener listener) throws InterruptedException {
    listener.listed();
    closed.await();
  }

  @Override
  public void list(Consumer<StoredRecord> taker) throws IOException {
    throw new IOException("a web service is asked for one key at a time, and has no list");
  }

  @Override
  public @Nullable StoredRecord lookUp(PublicKey key) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.urlOf(KeyNames.of(key)))
            .header("Accept", "application/json");
    if (tokenFile != null) {
      // Read each time: it may be renewed.
      request.header("Authorization", "Bearer " + firstLine(tokenFile));
    }
    Web.Answer answer = web.whole(request, RecordReader.MAX_BYTES);
    if (answer.status() == HttpURLConnection.HTTP_NOT_FOUND
        || answer.status() == HttpURLConnection.HTTP_GONE) {
      return null;
    }
    if (answer.status() != HttpURLConnection.HTTP_OK) {
      throw new IOException("the web service answered with status " + answer.status());
    }
    return new StoredRecord(KeyNames.of(key), 0, answer.body(), null);
  }

  /** The first line of a file that holds a secret. */
  public static String firstLine(Path file) throws IOException {
    try (var lines = Files.lines(file)) {
      return lines.findFirst().orElse("").strip();
    } catch (java.io.UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public @Nullable PublicKey keyOf(String name) {
    return KeyNames.parse(name);
  }

  @Override
  public void put(Map<PublicKey, String> records) throws IOException {
    throw new IOException("a web service takes no records");
  }

  @Override
  public byte @Nullable [] beside(String name) {
    return null;
  }

  @Override
  public boolean tells() {
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
    web.close();
  }
}
