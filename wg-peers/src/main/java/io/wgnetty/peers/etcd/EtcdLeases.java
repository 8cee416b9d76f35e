package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are there as long as somebody keeps their lease. What fails at one member is tried at
 * the next one the next time. For one thread.
 */
public final class EtcdLeases implements AutoCloseable {
  /**
   * Of the 128 operations that etcd takes in a transaction by default; these have others inside.
   */
  public static final int MAX_CHANGES = 64;

  private final EtcdGateway gateway;
  private final byte[] prefix;

  EtcdLeases(EtcdGateway gateway, String prefix) {
    this.gateway = gateway;
    this.prefix = prefix.getBytes(UTF_8);
  }

  /**
   * A change of one key.
   *
   * @param name of the key, below the prefix
   * @param value what it is to be; or, if it is erased, what it has to be for that, unless it
   *     stands under the lease
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Change(String name, byte[] value, boolean erases) {}

  /** What may fail at a member. */
  @FunctionalInterface
  private interface Work<T> {
    T work() throws IOException, InterruptedException;
  }

  private <T> T attempt(Work<T> work) throws IOException, InterruptedException {
    try {
      return work.work();
    } catch (EtcdException e) {
      if (e.reason() == EtcdException.Reason.LEASE) {
        throw new LeaseOverException(e);
      }
      gateway.turnToNext();
      throw e;
    } catch (IOException e) {
      gateway.turnToNext();
      throw e;
    }
  }

  /** Begins a lease; returns its number. */
  public long grant(int seconds) throws IOException, InterruptedException {
    return attempt(
        () -> {
          byte[] answer = gateway.ask("/v3/lease/grant", json -> json.name("TTL").value(seconds));
          long lease = number(answer, "ID");
          if (lease == 0) {
            throw new IOException("etcd granted no lease");
          }
          return lease;
        });
  }

  /**
   * Keeps a lease for as long again as it was granted for.
   *
   * @throws LeaseOverException if it is over
   */
  public void keep(long lease) throws IOException, InterruptedException {
    long seconds =
        attempt(
            () ->
                number(
                    gateway.ask("/v3/lease/keepalive", json -> json.name("ID").value(lease)),
                    "TTL"));
    if (seconds <= 0) {
      throw new LeaseOverException(new IOException("etcd keeps it no longer"));
    }
  }

  /** Ends a lease: all that stands under it goes at once. */
  public void revoke(long lease) throws IOException, InterruptedException {
    byte[] unusedAnswer =
        attempt(() -> gateway.ask("/v3/lease/revoke", json -> json.name("ID").value(lease)));
  }

  /**
   * Makes changes, all or none; what is put stands under the lease.
   *
   * @param changes {@value #MAX_CHANGES} at most, of as many keys
   * @throws LeaseOverException if the lease is over
   */
  public void write(long lease, List<Change> changes) throws IOException, InterruptedException {
    byte[] unusedAnswer =
        attempt(
            () ->
                gateway.ask(
                    "/v3/kv/txn",
                    json -> {
                      json.name("success").beginArray();
                      for (Change change : changes) {
                        write(json, lease, change);
                      }
                      json.endArray();
                    }));
  }

  private void write(JsonWriter json, long lease, Change change) throws IOException {
    String key = key(change.name());
    json.beginObject();
    if (change.erases()) {
      erase(json, key, lease, EtcdGateway.base64(change.value()));
    } else {
      json.name("request_put").beginObject();
      json.name("key").value(key);
      json.name("value").value(EtcdGateway.base64(change.value()));
      json.name("lease").value(lease).endObject();
    }
    json.endObject();
  }

  /** Only what is ours, or was seen to be left behind: somebody else may have written meanwhile. */
  private static void erase(JsonWriter json, String key, long lease, String value)
      throws IOException {
    json.name("request_txn").beginObject();
    compare(json, key, "LEASE", "lease", Long.toString(lease));
    deletion(json, key);
    json.name("failure").beginArray().beginObject().name("request_txn").beginObject();
    compare(json, key, "VALUE", "value", value);
    deletion(json, key);
    json.endObject().endObject().endArray().endObject();
  }

  private static void compare(
      JsonWriter json, String key, String target, String field, @Nullable String value)
      throws IOException {
    json.name("compare").beginArray().beginObject();
    json.name("target").value(target).name("result").value("EQUAL");
    json.name("key").value(key).name(field).value(value);
    json.endObject().endArray();
  }

  private static void deletion(JsonWriter json, String key) throws IOException {
    json.name("success").beginArray().beginObject();
    json.name("request_delete_range").beginObject().name("key").value(key).endObject();
    json.endObject().endArray();
  }

  private String key(String name) {
    byte[] end = name.getBytes(UTF_8);
    byte[] key = Arrays.copyOf(prefix, prefix.length + end.length);
    System.arraycopy(end, 0, key, prefix.length, end.length);
    return EtcdGateway.base64(key);
  }

  /** A number that an answer has by this name, at its top or in its "result"; 0 if it has none. */
  private static long number(byte[] answer, String name) throws IOException {
    long[] found = new long[1];
    EtcdAnswers.Fields inner =
        (field, json) -> {
          if (field.equals(name)) {
            found[0] = json.nextLong();
            return true;
          }
          return false;
        };
    EtcdAnswers.read(
        answer,
        (field, json) ->
            field.equals("result") ? EtcdAnswers.object(json, inner) : inner.read(field, json));
    return found[0];
  }

  @Override
  public void close() {
    gateway.close();
  }
}
