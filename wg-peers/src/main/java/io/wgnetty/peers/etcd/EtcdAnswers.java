package io.wgnetty.peers.etcd;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.wgnetty.client.ShowText;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what etcd's JSON gateway answers. What is not as it should be is an {@link IOException},
 * and what is not known is passed over.
 */
final class EtcdAnswers {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_SHOWN = 200;
  private static final int UNAUTHENTICATED = 16;

  private EtcdAnswers() {}

  /**
   * What a watch tells.
   *
   * @param revision of the last change in it; 0 if there is none. Not that of the header, which may
   *     be ahead of changes that are still to come
   * @param canceled whether the watch is over
   * @param compacted the oldest revision that is kept, if the watch wanted an older one; else 0
   */
  record Change(long revision, boolean canceled, long compacted, List<EtcdRecord> records) {}

  /** What is done with the value of a field; {@code false} passes over it. */
  @FunctionalInterface
  interface Fields {
    boolean read(String field, JsonReader json) throws IOException;
  }

  private static final class State {
    boolean flag;
    long compacted;
    String text = "";
    long code;
    boolean failed;
    final List<EtcdRecord> records = new ArrayList<>();
  }

  static Change change(byte[] line) throws IOException {
    var state = new State();
    var failure = new State();
    read(
        line,
        (field, json) ->
            switch (field) {
              case "result" -> object(json, (name, inner) -> result(name, inner, state));
              case "error" -> failure(json, failure);
              default -> false;
            });
    if (failure.failed) {
      throw failure(failure);
    }
    long last = state.records.stream().mapToLong(EtcdRecord::modRevision).max().orElse(0);
    return new Change(last, state.flag, state.compacted, state.records);
  }

  private static boolean result(String field, JsonReader json, State state) throws IOException {
    return switch (field) {
      case "events" -> list(json, () -> state.records.add(event(json)));
      case "canceled" -> {
        state.flag = json.nextBoolean();
        yield true;
      }
      case "compact_revision" -> {
        state.compacted = json.nextLong();
        yield true;
      }
      default -> false;
    };
  }

  /** The token of a user. */
  static String token(byte[] body) throws IOException {
    var state = new State();
    read(
        body,
        (field, json) -> {
          if (field.equals("token")) {
            state.text = json.nextString();
            return true;
          }
          return false;
        });
    if (state.text.isEmpty() || !state.text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new IOException("etcd answered without a token");
    }
    return state.text;
  }

  /** What an answer with another status than 200 says. */
  static EtcdException failure(int status, byte[] body) {
    var state = new State();
    try {
      read(
          body,
          (field, json) ->
              switch (field) {
                case "error", "message" -> {
                  state.text = json.peek() == JsonToken.STRING ? json.nextString() : "";
                  yield !state.text.isEmpty();
                }
                case "code" -> {
                  state.code = json.nextLong();
                  yield true;
                }
                default -> false;
              });
    } catch (IOException e) {
      state.text = new String(body, UTF_8).strip(); // the gateway itself says it without JSON
    }
    if (state.text.isEmpty()) {
      state.text = "status " + status;
    }
    state.code = status == 401 ? UNAUTHENTICATED : state.code;
    return failure(state);
  }

  private static EtcdException failure(State state) {
    String shown =
        ShowText.printable(state.text.substring(0, Math.min(MAX_SHOWN, state.text.length())));
    boolean token =
        state.code == UNAUTHENTICATED
            || state.text.contains("invalid auth token")
            || state.text.contains("user name is empty")
            || state.text.contains("revision of auth store is old");
    EtcdException.Reason reason =
        state.text.contains("revision has been compacted")
            ? EtcdException.Reason.COMPACTED
            : state.text.contains("requested lease not found")
                ? EtcdException.Reason.LEASE
                : state.text.contains("too many operations in txn request")
                    ? EtcdException.Reason.TOO_MANY
                    : token ? EtcdException.Reason.TOKEN : EtcdException.Reason.OTHER;
    return new EtcdException(reason, "etcd says: " + shown);
  }

  private static boolean failure(JsonReader json, State state) throws IOException {
    state.failed = true;
    if (json.peek() == JsonToken.STRING) {
      state.text = json.nextString();
      return true;
    }
    return object(
        json,
        (field, inner) -> {
          if (field.equals("message")) {
            state.text = inner.nextString();
            return true;
          }
          return false;
        });
  }

  /** That of a header; 0 if it has none. */
  static long revision(JsonReader json) throws IOException {
    long[] revision = new long[1];
    boolean unusedRead =
        object(
            json,
            (field, inner) -> {
              if (field.equals("revision")) {
                revision[0] = inner.nextLong();
                return true;
              }
              return false;
            });
    return revision[0];
  }

  private static EtcdRecord event(JsonReader json) throws IOException {
    boolean[] deleted = new boolean[1];
    EtcdRecord[] found = new EtcdRecord[1];
    boolean unusedRead =
        object(
            json,
            (field, inner) ->
                switch (field) {
                  case "type" -> {
                    deleted[0] = inner.nextString().equals("DELETE");
                    yield true;
                  }
                  case "kv" -> {
                    found[0] = keyValue(inner);
                    yield true;
                  }
                  default -> false;
                });
    @Nullable EtcdRecord record = found[0];
    if (record == null) {
      throw new IOException("etcd told of a change without a key");
    }
    return deleted[0] ? new EtcdRecord(record.key(), 0, record.modRevision(), null) : record;
  }

  static EtcdRecord keyValue(JsonReader json) throws IOException {
    byte[][] texts = {new byte[0], new byte[0]};
    long[] revisions = new long[2];
    boolean unusedRead =
        object(
            json,
            (field, inner) -> {
              switch (field) {
                case "key" -> texts[0] = base64(inner.nextString());
                case "value" -> texts[1] = base64(inner.nextString());
                case "create_revision" -> revisions[0] = inner.nextLong();
                case "mod_revision" -> revisions[1] = inner.nextLong();
                default -> {
                  return false;
                }
              }
              return true;
            });
    return new EtcdRecord(texts[0], revisions[0], revisions[1], texts[1]);
  }

  private static byte[] base64(String text) throws IOException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("etcd answered with what is no base64", e);
    }
  }

  /** Something that is read of a list. */
  @FunctionalInterface
  interface Element {
    void read() throws IOException;
  }

  static boolean list(JsonReader json, Element element) throws IOException {
    json.beginArray();
    while (json.hasNext()) {
      element.read();
    }
    json.endArray();
    return true;
  }

  static boolean object(JsonReader json, Fields fields) throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      if (!fields.read(json.nextName(), json)) {
        json.skipValue();
      }
    }
    json.endObject();
    return true;
  }

  /** One that passes over nothing that is wrong. */
  static JsonReader reader(Reader text) {
    var json = new JsonReader(text);
    json.setStrictness(Strictness.STRICT);
    json.setNestingLimit(MAX_DEPTH);
    return json;
  }

  static void read(byte[] body, Fields fields) throws IOException {
    try (JsonReader json = reader(new InputStreamReader(new ByteArrayInputStream(body), UTF_8))) {
      boolean unusedRead = object(json, fields);
    } catch (IllegalStateException | NumberFormatException e) {
      throw new IOException("etcd answered with something else than expected", e);
    }
  }
}
