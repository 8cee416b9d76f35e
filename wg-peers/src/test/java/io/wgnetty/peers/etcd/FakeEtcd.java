package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A member of etcd as far as a directory needs it, which can be made to behave badly. */
public final class FakeEtcd implements AutoCloseable {
  /** A stored value. */
  private record Stored(long created, long modified, String value) {}

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final TreeMap<String, Stored> store = new TreeMap<>();
  private final List<String> log = new ArrayList<>();
  private long revision = 1;
  private long compacted;
  private int generation;
  private final FakeLeases leases = new FakeLeases(this);

  volatile @Nullable String validToken;
  final AtomicInteger issuedTokens = new AtomicInteger();

  /** What is answered instead of any range; {@code null} to behave. */
  volatile byte @Nullable [] insteadOfRange;

  volatile int rangeStatus = 200;

  /** What is answered to whoever asks for several keys; {@code null} to behave. */
  volatile byte @Nullable [] insteadOfLookUps;

  /** Of a transaction. */
  volatile int maxOperations = 128;

  /** How many keys were asked for together. */
  final List<Integer> lookUps = new CopyOnWriteArrayList<>();

  final AtomicInteger ranges = new AtomicInteger();
  final AtomicInteger watches = new AtomicInteger();

  public FakeEtcd() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v3/kv/range", exchange -> guarded(exchange, this::range));
    server.createContext("/v3/kv/txn", exchange -> guarded(exchange, this::transact));
    server.createContext("/v3/lease/", exchange -> guarded(exchange, this::lease));
    server.createContext("/v3/watch", exchange -> guarded(exchange, this::watch));
    server.createContext("/v3/auth/authenticate", this::authenticate);
    server.start();
  }

  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public synchronized void put(String key, String value) {
    revision++;
    Stored before = store.get(key);
    var stored = new Stored(before == null ? revision : before.created, revision, value);
    store.put(key, stored);
    log.add("{\"kv\":" + json(key, stored) + "}");
    notifyAll();
  }

  public synchronized void delete(String key) {
    revision++;
    store.remove(key);
    leases.forget(key);
    log.add(
        "{\"type\":\"DELETE\",\"kv\":{\"key\":\"%s\",\"mod_revision\":\"%d\"}}"
            .formatted(base64(key), revision));
    notifyAll();
  }

  /** Changes while all streams are cut, and nothing of that is kept in the log. */
  synchronized void changeUnseen(String gone, String come) {
    delete(gone);
    put(come, "1");
    cutWatches();
    compacted = revision;
  }

  /** The log is compacted up to a deletion, which old members then do not tell any more. */
  synchronized void deleteUnseen(String key) {
    generation++;
    delete(key);
    compacted = revision;
    log.set(log.size() - 1, "{\"kv\":{\"key\":\"%s\"}}".formatted(base64("/elsewhere")));
  }

  /** All streams that are open break off. */
  synchronized void cutWatches() {
    generation++;
    notifyAll();
  }

  private static String json(String key, Stored stored) {
    return "{\"key\":\"%s\",\"create_revision\":\"%d\",\"mod_revision\":\"%d\",\"version\":\"1\",\"value\":\"%s\"}"
        .formatted(base64(key), stored.created, stored.modified, base64(stored.value));
  }

  /** The value of a key; {@code null} if there is none. */
  public synchronized @Nullable String value(String key) {
    Stored stored = store.get(key);
    return stored == null ? null : stored.value;
  }

  /** All keys. */
  public synchronized List<String> keys() {
    return List.copyOf(store.keySet());
  }

  /** All leases are over, as if nobody had kept them. */
  public synchronized void expireLeases() {
    leases.expireAll();
  }

  /** So many transactions were made. */
  public int transactions() {
    return leases.transactions();
  }

  private void transact(JsonObject request, HttpExchange exchange) throws IOException {
    List<JsonObject> wanted = FakeLeases.operations(request, "success");
    if (wanted.size() <= maxOperations
        && wanted.stream().allMatch(operation -> operation.has("request_range"))) {
      lookUps.add(wanted.size());
      byte[] instead = insteadOfLookUps;
      answer(exchange, 200, instead != null ? instead : responses(wanted).getBytes(UTF_8));
      return;
    }
    String refusal;
    synchronized (this) {
      refusal = leases.transact(request);
    }
    answer(
        exchange,
        refusal == null ? 200 : 404,
        (refusal == null ? "{\"succeeded\":true}" : "{\"error\":\"" + refusal + "\",\"code\":5}")
            .getBytes(UTF_8));
  }

  private synchronized String responses(List<JsonObject> wanted) {
    List<String> responses = new ArrayList<>();
    for (JsonObject operation : wanted) {
      responses.add(
          "{\"response_range\":%s}".formatted(found(operation.getAsJsonObject("request_range"))));
    }
    return "{\"header\":{\"revision\":\"%d\"},\"succeeded\":true,\"responses\":[%s]}"
        .formatted(revision, String.join(",", responses));
  }

  private void lease(JsonObject request, HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String said;
    synchronized (this) {
      said = leases.ask(path.substring(path.lastIndexOf('/') + 1), request);
    }
    answer(exchange, 200, said.getBytes(UTF_8));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  static String text(JsonObject request, String field) {
    return request.has(field)
        ? new String(Base64.getDecoder().decode(request.get(field).getAsString()), UTF_8)
        : "";
  }

  /** What is done with a request that may be made. */
  private interface Work {
    void on(JsonObject request, HttpExchange exchange) throws IOException, InterruptedException;
  }

  private void guarded(HttpExchange exchange, Work work) throws IOException {
    String token = validToken;
    if (token != null && !token.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      answer(
          exchange,
          401,
          "{\"error\":\"etcdserver: invalid auth token\",\"code\":16}".getBytes(UTF_8));
      return;
    }
    try {
      work.on(request(exchange), exchange);
    } catch (InterruptedException e) {
      exchange.close();
    }
  }

  private static JsonObject request(HttpExchange exchange) throws IOException {
    return JsonParser.parseString(new String(exchange.getRequestBody().readAllBytes(), UTF_8))
        .getAsJsonObject();
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void range(JsonObject request, HttpExchange exchange) throws IOException {
    ranges.incrementAndGet();
    byte[] instead = insteadOfRange;
    if (instead != null) {
      answer(exchange, rangeStatus, instead);
      return;
    }
    if (request.has("revision") && request.get("revision").getAsLong() < compacted) {
      answer(
          exchange,
          400,
          "{\"error\":\"etcdserver: mvcc: required revision has been compacted\",\"code\":11}"
              .getBytes(UTF_8));
      return;
    }
    answer(exchange, 200, found(request).getBytes(UTF_8));
  }

  private synchronized String found(JsonObject request) {
    String from = text(request, "key");
    String end = text(request, "range_end");
    int limit = request.get("limit").getAsInt();
    var found = end.isEmpty() ? store.subMap(from, true, from, true) : store.subMap(from, end);
    List<String> kvs = new ArrayList<>();
    found.entrySet().stream()
        .limit(limit)
        .forEach(entry -> kvs.add(json(entry.getKey(), entry.getValue())));
    return "{\"header\":{\"revision\":\"%d\"},\"kvs\":[%s],\"more\":%s,\"count\":\"%d\"}"
        .formatted(revision, String.join(",", kvs), found.size() > limit, found.size());
  }

  private void authenticate(HttpExchange exchange) throws IOException {
    String given = request(exchange).get("password").getAsString();
    if (!given.equals("secret")) {
      answer(exchange, 400, "{\"error\":\"authentication failed\",\"code\":3}".getBytes(UTF_8));
      return;
    }
    validToken = "token" + issuedTokens.incrementAndGet();
    answer(exchange, 200, ("{\"token\":\"" + validToken + "\"}").getBytes(UTF_8));
  }

  private void watch(JsonObject request, HttpExchange exchange)
      throws IOException, InterruptedException {
    watches.incrementAndGet();
    long start = request.getAsJsonObject("create_request").get("start_revision").getAsLong();
    exchange.sendResponseHeaders(200, 0);
    int born;
    synchronized (this) {
      born = generation;
    }
    try (OutputStream out = exchange.getResponseBody()) {
      if (start < compacted) {
        line(
            out,
            "{\"result\":{\"created\":true,\"canceled\":true,\"compact_revision\":\""
                + compacted
                + "\"}}");
        return;
      }
      line(out, "{\"result\":{\"header\":{\"revision\":\"" + revision + "\"},\"created\":true}}");
      // Revision 2 is the first of the log.
      int next = (int) start - 2;
      while (true) {
        List<String> events;
        synchronized (this) {
          while (next >= log.size() && born == generation) {
            wait();
          }
          if (born != generation) {
            return;
          }
          events = List.copyOf(log.subList(next, log.size()));
          next = log.size();
        }
        line(
            out,
            "{\"result\":{\"header\":{\"revision\":\"%d\"},\"events\":[%s]}}"
                .formatted(revision + 100, String.join(",", events)));
      }
    }
  }

  private static void line(OutputStream out, String text) throws IOException {
    out.write((text + "\n").getBytes(UTF_8));
    out.flush();
  }

  @Override
  public void close() {
    cutWatches();
    server.stop(0);
    threads.shutdownNow();
  }
}
