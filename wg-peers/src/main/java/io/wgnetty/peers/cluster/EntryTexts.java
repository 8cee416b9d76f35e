package io.wgnetty.peers.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.peers.sessions.SessionEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What stands in the directory of peers with a session, and of nodes: one JSON object each. Fields
 * that are not known are passed over.
 */
final class EntryTexts {
  private static final int MAX_BYTES = 4096;
  private static final int MAX_DEPTH = 8;

  private EntryTexts() {}

  static byte[] of(SessionEntry entry) {
    return text(
        json -> {
          json.name("node").value(entry.node()).name("since").value(entry.since());
          byte[] timestamp = entry.timestamp();
          if (timestamp != null) {
            json.name("timestamp").value(HexFormat.of().formatHex(timestamp));
          }
        });
  }

  /** Reads one; {@code null} if it is none. */
  static @Nullable SessionEntry session(byte[] text) {
    String[] node = new String[1];
    long[] since = new long[1];
    byte[][] timestamp = new byte[1][];
    boolean isRead =
        read(
            text,
            (field, json) -> {
              switch (field) {
                case "node" -> node[0] = json.nextString();
                case "since" -> since[0] = json.nextLong();
                case "timestamp" -> timestamp[0] = HexFormat.of().parseHex(json.nextString());
                default -> json.skipValue();
              }
            });
    @Nullable String at = node[0];
    byte @Nullable [] stamp = timestamp[0];
    boolean isWhole = isRead && at != null && (stamp == null || stamp.length == Tai64n.BYTES);
    return isWhole ? new SessionEntry(at, since[0], stamp) : null;
  }

  static byte[] of(NodeEntry entry) {
    return text(
        json -> {
          json.name("since").value(entry.since()).name("run").value(entry.run());
          NodeEntry.Relay relay = entry.relay();
          if (relay != null) {
            json.name("number").value(relay.number()).name("address").value(relay.address());
            json.name("proof").value(relay.proof());
          }
        });
  }

  /**
   * Reads one; {@code null} if it is none.
   *
   * @param name as the key has it
   */
  static @Nullable NodeEntry node(String name, byte[] text) {
    long[] since = new long[1];
    int[] number = {-1};
    String[] texts = {"", "", ""};
    boolean isRead =
        read(
            text,
            (field, json) -> {
              switch (field) {
                case "since" -> since[0] = json.nextLong();
                case "run" -> texts[0] = json.nextString();
                case "number" -> number[0] = json.nextInt();
                case "address" -> texts[1] = json.nextString();
                case "proof" -> texts[2] = json.nextString();
                default -> json.skipValue();
              }
            });
    NodeEntry.Relay relay =
        number[0] < 0 || texts[1].isEmpty()
            ? null
            : new NodeEntry.Relay(number[0], texts[1], texts[2]);
    return isRead ? new NodeEntry(name, since[0], texts[0], relay) : null;
  }

  /** What goes into an object. */
  @FunctionalInterface
  private interface Content {
    void write(JsonWriter json) throws IOException;
  }

  /** Takes the value of a field. */
  @FunctionalInterface
  private interface Fields {
    void read(String field, JsonReader json) throws IOException;
  }

  private static byte[] text(Content content) {
    var text = new StringWriter();
    try (var json = new JsonWriter(text)) {
      json.beginObject();
      content.write(json);
      json.endObject();
    } catch (IOException e) {
      throw new IllegalStateException("a string is written", e);
    }
    return text.toString().getBytes(UTF_8);
  }

  private static boolean read(byte[] text, Fields fields) {
    if (text.length > MAX_BYTES) {
      return false;
    }
    try (var json = new JsonReader(new InputStreamReader(new ByteArrayInputStream(text), UTF_8))) {
      json.setStrictness(Strictness.STRICT);
      json.setNestingLimit(MAX_DEPTH);
      json.beginObject();
      while (json.hasNext()) {
        fields.read(json.nextName(), json);
      }
      json.endObject();
      return true;
    } catch (IOException | IllegalStateException | IllegalArgumentException e) {
      return false;
    }
  }
}
