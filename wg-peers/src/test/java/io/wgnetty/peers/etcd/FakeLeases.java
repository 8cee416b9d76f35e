package io.wgnetty.peers.etcd;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The leases and transactions of a fake member. Guarded by the member. */
final class FakeLeases {
  private static final int MAX_BYTES = 1536 << 10;

  /** Base64 makes four of three. */
  private static final double BYTES_OF_TEXT = 0.75;

  private final FakeEtcd etcd;
  private final Map<String, Long> leaseOf = new HashMap<>();
  private final Set<Long> alive = new HashSet<>();
  private long lastLease = 7587850943239472001L;
  private final AtomicInteger transactions = new AtomicInteger();

  FakeLeases(FakeEtcd etcd) {
    this.etcd = etcd;
  }

  void forget(String key) {
    leaseOf.remove(key);
  }

  void expireAll() {
    List<String> keys = new ArrayList<>(leaseOf.keySet());
    alive.clear();
    keys.forEach(etcd::delete);
  }

  int transactions() {
    return transactions.get();
  }

  String ask(String word, JsonObject request) {
    long lease = request.has("ID") ? request.get("ID").getAsLong() : 0;
    return switch (word) {
      case "grant" -> {
        alive.add(++lastLease);
        yield "{\"ID\":\"%d\",\"TTL\":\"%s\"}".formatted(lastLease, request.get("TTL"));
      }
      case "keepalive" ->
          alive.contains(lease)
              ? "{\"result\":{\"ID\":\"%d\",\"TTL\":\"10\"}}".formatted(lease)
              : "{\"result\":{\"ID\":\"%d\"}}".formatted(lease);
      default -> {
        alive.remove(lease);
        List<String> keys = new ArrayList<>(leaseOf.keySet());
        keys.removeIf(key -> leaseOf.getOrDefault(key, 0L) != lease);
        keys.forEach(etcd::delete);
        yield "{}";
      }
    };
  }

  /** Returns why it is refused, if it is. */
  @Nullable String transact(JsonObject request) {
    List<JsonObject> operations = operations(request, "success");
    if (operations.size() > etcd.maxOperations) {
      return "etcdserver: too many operations in txn request";
    }
    if (request.toString().length() * BYTES_OF_TEXT > MAX_BYTES) {
      return "etcdserver: request is too large";
    }
    for (JsonObject operation : operations) {
      if (operation.has("request_put")
          && operation.getAsJsonObject("request_put").has("lease")
          && !alive.contains(operation.getAsJsonObject("request_put").get("lease").getAsLong())) {
        return "etcdserver: requested lease not found";
      }
    }
    transactions.incrementAndGet();
    operations.forEach(this::operate);
    return null;
  }

  static List<JsonObject> operations(JsonObject request, String branch) {
    List<JsonObject> all = new ArrayList<>();
    if (request.has(branch)) {
      for (JsonElement element : request.getAsJsonArray(branch)) {
        all.add(element.getAsJsonObject());
      }
    }
    return all;
  }

  private void operate(JsonObject operation) {
    if (operation.has("request_put")) {
      JsonObject put = operation.getAsJsonObject("request_put");
      String key = FakeEtcd.text(put, "key");
      etcd.put(key, FakeEtcd.text(put, "value"));
      if (put.has("lease")) {
        leaseOf.put(key, put.get("lease").getAsLong());
      } else {
        leaseOf.remove(key);
      }
    } else if (operation.has("request_delete_range")) {
      String key = FakeEtcd.text(operation.getAsJsonObject("request_delete_range"), "key");
      if (etcd.value(key) != null) {
        etcd.delete(key);
      }
    } else {
      JsonObject inner = operation.getAsJsonObject("request_txn");
      JsonObject compare = inner.getAsJsonArray("compare").get(0).getAsJsonObject();
      operations(inner, holds(compare) ? "success" : "failure").forEach(this::operate);
    }
  }

  private boolean holds(JsonObject compare) {
    String key = FakeEtcd.text(compare, "key");
    return compare.get("target").getAsString().equals("LEASE")
        ? leaseOf.getOrDefault(key, 0L) == compare.get("lease").getAsLong()
        : FakeEtcd.text(compare, "value").equals(etcd.value(key));
  }
}
