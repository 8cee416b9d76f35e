package io.wgnetty.allowedips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.protocol.IpText;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The operations of allowedips.json, in order on one table. */
class AllowedIpsVectorTest {
  private final AllowedIps<TestPeer> table = new AllowedIps<>();
  private final Map<String, TestPeer> peers = new LinkedHashMap<>();

  @Test
  void shouldFollowEveryOperation() {
    JsonArray ops = VectorFile.read("allowedips").getAsJsonObject().getAsJsonArray("ops");
    assertThat(ops).hasSize(144);
    int n = 0;
    for (JsonElement op : ops) {
      apply(op.getAsJsonObject(), "op " + n++ + " " + op);
    }
  }

  private void apply(JsonObject op, String description) {
    switch (op.get("op").getAsString()) {
      case "insert" -> table.insert(prefix(op), peer(op));
      case "remove" -> table.remove(prefix(op), peer(op));
      case "remove_by_peer" -> table.removeAll(peer(op));
      case "clear" -> peers.values().forEach(table::removeAll);
      case "lookup" -> assertThat(name(lookup(op))).as(description).isEqualTo(string(op, "expect"));
      case "lookup_not" ->
          assertThat(name(lookup(op))).as(description).isNotEqualTo(string(op, "not_peer"));
      case "expect_empty" -> assertThat(table.isEmpty()).as(description).isTrue();
      case "entries" ->
          assertThat(table.prefixes(peer(op)))
              .as(description)
              .extracting(IpPrefix::toString)
              .containsExactlyElementsOf(
                  op.getAsJsonArray("expect_set").asList().stream()
                      .map(JsonElement::getAsString)
                      .toList());
      case "remove_invalid_cidr" -> {
        List<IpPrefix> before = table.prefixes(peer(op));
        byte[] address = IpText.parse(op.get("address").getAsString());
        assertThatThrownBy(() -> IpPrefix.of(address, op.get("cidr").getAsInt()))
            .as(description)
            .isInstanceOf(IllegalArgumentException.class);
        assertThat(table.prefixes(peer(op))).isEqualTo(before);
      }
      default -> throw new AssertionError("unknown: " + description);
    }
  }

  private static IpPrefix prefix(JsonObject op) {
    return IpPrefix.parse(op.get("prefix").getAsString());
  }

  /** A peer by name; null is one that never has anything. */
  private TestPeer peer(JsonObject op) {
    String name = string(op, "peer");
    return peers.computeIfAbsent(name == null ? "nobody" : name, TestPeer::new);
  }

  private @Nullable TestPeer lookup(JsonObject op) {
    return lookup(table, IpText.parse(op.get("address").getAsString()));
  }

  static @Nullable TestPeer lookup(AllowedIps<TestPeer> table, byte[] address) {
    ByteBuffer b = ByteBuffer.wrap(address);
    return address.length == 4
        ? table.lookupV4(b.getInt(0))
        : table.lookupV6(b.getLong(0), b.getLong(8));
  }

  private static @Nullable String name(@Nullable TestPeer peer) {
    return peer == null ? null : peer.toString();
  }

  private static @Nullable String string(JsonObject op, String key) {
    JsonElement value = op.get(key);
    return value == null || value.isJsonNull() ? null : value.getAsString();
  }
}
