package io.wgnetty.peers.etcd;

import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads what etcd answers when keys are asked for. An answer that is short or something else is an
 * {@link IOException}.
 */
final class EtcdFound {
  private EtcdFound() {}

  /** The record of the one key that was asked for; {@code null} if there is none. */
  static @Nullable EtcdRecord single(byte[] body) throws IOException {
    List<EtcdRecord> records = new ArrayList<>();
    readWithRevision(
        body,
        (field, json) ->
            field.equals("kvs")
                && EtcdAnswers.list(json, () -> records.add(EtcdAnswers.keyValue(json))));
    return records.isEmpty() ? null : records.getFirst();
  }

  /**
   * The records of the keys that a transaction asked for, in their order; {@code null} for one that
   * has none.
   *
   * @param count of the keys
   */
  static List<@Nullable EtcdRecord> several(byte[] body, int count) throws IOException {
    List<@Nullable EtcdRecord> found = new ArrayList<>();
    readWithRevision(
        body,
        (field, json) ->
            field.equals("responses") && EtcdAnswers.list(json, () -> found.add(response(json))));
    if (found.size() != count) {
      throw new IOException("etcd answered " + found.size() + " of " + count + " lookups");
    }
    return found;
  }

  private static void readWithRevision(byte[] body, EtcdAnswers.Fields fields) throws IOException {
    long[] revision = new long[1];
    EtcdAnswers.read(
        body,
        (field, json) -> {
          if (field.equals("header")) {
            revision[0] = EtcdAnswers.revision(json);
            return true;
          }
          return fields.read(field, json);
        });
    if (revision[0] <= 0) {
      throw new IOException("etcd answered without a revision");
    }
  }

  /** What a transaction says of one key. */
  private static @Nullable EtcdRecord response(JsonReader json) throws IOException {
    boolean[] answered = new boolean[1];
    List<EtcdRecord> records = new ArrayList<>();
    EtcdAnswers.Fields range =
        (field, inner) ->
            field.equals("kvs")
                && EtcdAnswers.list(inner, () -> records.add(EtcdAnswers.keyValue(inner)));
    boolean unusedRead =
        EtcdAnswers.object(
            json,
            (field, inner) -> {
              answered[0] |= field.equals("response_range");
              return field.equals("response_range") && EtcdAnswers.object(inner, range);
            });
    if (!answered[0]) {
      throw new IOException("etcd answered a lookup with something else");
    }
    return records.isEmpty() ? null : records.getFirst();
  }
}
