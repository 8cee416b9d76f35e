package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import io.wgnetty.peers.source.Web;
import io.wgnetty.peers.source.WebSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The requests of etcd that a directory needs, to one of its members: by its JSON gateway, which
 * every member has. Any thread.
 */
final class EtcdGateway implements AutoCloseable {
  /** A page of records; one record is bounded by 1.5 MiB unless configured. */
  private static final int MAX_BYTES = 64 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** For each page a member walks over all keys that follow: with a million it takes its time. */
  private static final Duration LISTING_PATIENCE = Duration.ofSeconds(60);

  private static final int MAX_FAILURE_BYTES = 64 << 10;
  private static final int OK = 200;

  /** The end of a range that ends nowhere. */
  private static final byte[] NO_END = {0};

  private final List<URI> members;
  private final Web web;
  private final @Nullable String user;
  private final @Nullable Path passwordFile;
  private volatile int member;
  private volatile @Nullable String token;

  EtcdGateway(List<URI> members, Web web, @Nullable String user, @Nullable Path passwordFile) {
    this.members = List.copyOf(members);
    this.web = web;
    this.user = user;
    this.passwordFile = passwordFile;
  }

  /** Asks another member from now on. */
  void turnToNext() {
    member = (member + 1) % members.size();
  }

  int members() {
    return members.size();
  }

  /** The end of the range of all keys that begin so. */
  static byte[] endOf(byte[] prefix) {
    for (int i = prefix.length - 1; i >= 0; i--) {
      if (prefix[i] != (byte) 0xff) {
        byte[] end = Arrays.copyOf(prefix, i + 1);
        end[i]++;
        return end;
      }
    }
    return NO_END;
  }

  /**
   * Keys from one on.
   *
   * @param revision as of which; 0 for the present one
   */
  EtcdPage range(byte[] from, byte[] end, int limit, long revision)
      throws IOException, InterruptedException {
    return new EtcdPage(
        stream("/v3/kv/range", json -> range(json, from, end, limit, revision), LISTING_PATIENCE),
        MAX_BYTES,
        LISTING_PATIENCE);
  }

  /**
   * One key's record; {@code null} if there is none.
   *
   * @param revision as of which; 0 for the present one
   */
  @Nullable EtcdRecord get(byte[] key, long revision) throws IOException, InterruptedException {
    return EtcdFound.single(ask("/v3/kv/range", json -> range(json, key, null, 1, revision)));
  }

  /**
   * Present records of several keys, in their order; {@code null} for one that has none. A
   * transaction that reads only: etcd writes nothing down for it.
   */
  List<@Nullable EtcdRecord> get(List<byte[]> keys) throws IOException, InterruptedException {
    byte[] answer =
        ask(
            "/v3/kv/txn",
            json -> {
              json.name("success").beginArray();
              for (byte[] key : keys) {
                json.beginObject().name("request_range").beginObject();
                range(json, key, null, 1, 0);
                json.endObject().endObject();
              }
              json.endArray();
            });
    return EtcdFound.several(answer, keys.size());
  }

  private static void range(
      JsonWriter json, byte[] from, byte @Nullable [] end, int limit, long revision)
      throws IOException {
    json.name("key").value(base64(from));
    if (end != null) {
      json.name("range_end").value(base64(end));
    }
    json.name("limit").value(limit);
    if (revision > 0) {
      json.name("revision").value(revision);
    }
  }

  /** A key and what it is to be. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(byte[] key, byte[] value) {
    int bytes() {
      return key.length + value.length;
    }
  }

  /**
   * Puts all in, or none, at the first member that takes it: one that was lost meanwhile may have
   * taken it, too. A transaction, because one by one each would wait for the disks of a majority.
   */
  void put(List<Entry> entries) throws IOException, InterruptedException {
    for (int others = members.size() - 1; others > 0; others--) {
      try {
        putHere(entries);
        return;
      } catch (EtcdException e) {
        throw e; // it was understood, and no other would take it
      } catch (IOException e) {
        turnToNext();
      }
    }
    putHere(entries);
  }

  private void putHere(List<Entry> entries) throws IOException, InterruptedException {
    byte[] unusedBody =
        ask(
            "/v3/kv/txn",
            json -> {
              json.name("success").beginArray();
              for (Entry entry : entries) {
                json.beginObject().name("request_put").beginObject();
                json.name("key").value(base64(entry.key()));
                json.name("value").value(base64(entry.value()));
                json.endObject().endObject();
              }
              json.endArray();
            });
  }

  /** Changes of all keys in a range from a revision on: a line of JSON for each answer. */
  InputStream watch(byte[] from, byte[] end, long revision)
      throws IOException, InterruptedException {
    return stream(
        "/v3/watch",
        json -> {
          json.name("create_request").beginObject();
          json.name("key").value(base64(from));
          json.name("range_end").value(base64(end));
          json.name("start_revision").value(revision);
          json.endObject();
        },
        PATIENCE);
  }

  /** An answer that is read while it comes. */
  private InputStream stream(String path, Content content, Duration patience)
      throws IOException, InterruptedException {
    return withToken(
        () -> {
          HttpResponse<InputStream> response = web.stream(request(path, content), patience);
          if (response.statusCode() != OK) {
            try (InputStream body = response.body()) {
              throw EtcdAnswers.failure(response.statusCode(), body.readNBytes(MAX_FAILURE_BYTES));
            }
          }
          return response.body();
        });
  }

  /** What goes into a request. */
  @FunctionalInterface
  interface Content {
    void write(JsonWriter json) throws IOException;
  }

  /** What may need a token. */
  @FunctionalInterface
  private interface Request<T> {
    T make() throws IOException, InterruptedException;
  }

  /** The answer to a request. */
  byte[] ask(String path, Content content) throws IOException, InterruptedException {
    return withToken(() -> answer(request(path, content)));
  }

  private byte[] answer(HttpRequest.Builder request) throws IOException, InterruptedException {
    Web.Answer answer = web.whole(request, MAX_BYTES);
    if (answer.status() != OK) {
      throw EtcdAnswers.failure(answer.status(), answer.body());
    }
    return answer.body();
  }

  /** Tokens are over after a while, or when the member begins anew: then another one is fetched. */
  private <T> T withToken(Request<T> request) throws IOException, InterruptedException {
    if (user == null) {
      return request.make();
    }
    if (token == null) {
      token = authenticate();
    }
    try {
      return request.make();
    } catch (EtcdException e) {
      if (e.reason() != EtcdException.Reason.TOKEN) {
        throw e;
      }
      token = authenticate();
      return request.make();
    }
  }

  private String authenticate() throws IOException, InterruptedException {
    String password = passwordFile == null ? "" : WebSource.firstLine(passwordFile);
    token = null;
    return EtcdAnswers.token(
        answer(
            request(
                "/v3/auth/authenticate",
                json -> {
                  json.name("name").value(user);
                  json.name("password").value(password);
                })));
  }

  private HttpRequest.Builder request(String path, Content content) throws IOException {
    var text = new StringWriter();
    try (var json = new JsonWriter(text)) {
      json.beginObject();
      content.write(json);
      json.endObject();
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(members.get(member).resolve(path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(text.toString(), UTF_8));
    String present = token;
    return present == null ? request : request.header("Authorization", present);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    web.close();
  }
}
