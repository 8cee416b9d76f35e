package io.wgnetty.client;

import java.io.PrintStream;
import java.util.Map;

/** Reports as one JSON document. Its names stay; it never holds a private or pre-shared key. */
public final class ShowJson {
  /** As much as is kept before it is printed: a million peers are a gigabyte. */
  private static final int PRINT_CHARS = 32 * 1024;

  private final PrintStream out;
  private final JsonText json = new JsonText();

  /** The beginning of a document that is printed as it grows. */
  public ShowJson(PrintStream out) {
    this.out = out;
    json.beginObject().name("interfaces").beginArray();
  }

  /** The next interface: what it says is written as it comes. */
  public ReportReader node(String name) {
    return new ReportReader() {
      @Override
      public void node(Facts node) {
        ShowJson.node(name, node, json);
        json.name("peers").beginArray();
      }

      @Override
      public void peer(Facts peer) {
        ShowJson.peer(peer, json);
        if (json.length() > PRINT_CHARS) {
          out.print(json.take());
        }
      }
    };
  }

  /** The interface has said everything. */
  public void endNode() {
    json.endArray().endObject();
  }

  /** The end of the document. */
  public void end() {
    json.endArray().endObject();
    out.println(json.take());
  }

  static void node(String name, Facts node, JsonText json) {
    json.beginObject().name("name").value(name);
    text(json, "implementation", node, "implementation");
    text(json, "version", node, "version");
    json.name("public_key");
    if (node.has("own_public_key")) {
      json.value(node.base64("own_public_key"));
    } else {
      json.nothing();
    }
    json.name("listen_port").value(node.number("listen_port"));
    if (node.has("implementation")) {
      text(json, "not_listening", node, "not_listening");
    }
    json.name("fwmark").value(node.number("fwmark"));
    if (node.has("implementation")) {
      text(json, "cipher", node, "cipher");
      number(json, "cipher_ns", node, "cipher_ns");
      text(json, "cipher_small", node, "cipher_small");
      number(json, "cipher_small_ns", node, "cipher_small_ns");
      text(json, "cipher_single", node, "cipher_single");
      number(json, "cipher_single_ns", node, "cipher_single_ns");
      number(json, "event_loops", node, "loops");
      number(json, "longest_wait_us", node, "longest_wait_us");
      json.name("under_load").value(node.isTrue("under_load"));
      number(json, "peers_with_session", node, "peers_with_session");
      number(json, "peers_heard_from", node, "peers_heard_from");
      traffic(node, json);
      handshakes(node, json);
      DirectoryFacts.json(node, json);
      json.name("queues").beginObject();
      number(json, "handshake_jobs", node, "handshake_jobs");
      number(json, "packets_without_session", node, "staged");
      number(json, "batches_between_loops", node, "mailbox");
      number(json, "messages_for_socket", node, "pending_messages");
      json.endObject();
    }
  }

  private static void handshakes(Facts node, JsonText json) {
    json.name("handshakes").beginObject();
    node.counts("handshakes").forEach((what, count) -> json.name(what).value(count));
    json.endObject();
  }

  private static void traffic(Facts facts, JsonText json) {
    json.name("received_bytes").value(facts.number("rx_bytes"));
    json.name("sent_bytes").value(facts.number("tx_bytes"));
    if (facts.has("rx_packets")) {
      json.name("received_packets").value(facts.number("rx_packets"));
      json.name("sent_packets").value(facts.number("tx_packets"));
      json.name("drops").beginObject();
      for (Map.Entry<String, Long> drop : facts.counts("drop").entrySet()) {
        json.name(drop.getKey()).value(drop.getValue());
      }
      json.endObject();
    }
  }

  static void peer(Facts peer, JsonText json) {
    json.beginObject().name("public_key").value(peer.base64("public_key"));
    text(json, "name", peer, "label");
    text(json, "limit", peer, "limit");
    text(json, "quota", peer, "quota");
    if (peer.has("quota_used_bytes")) {
      json.name("quota_used_bytes").value(peer.number("quota_used_bytes"));
    }
    text(json, "group", peer, "group");
    json.name("has_preshared_key").value(peer.isTrue("has_preshared_key"));
    text(json, "endpoint", peer, "endpoint");
    json.name("allowed_ips").beginArray();
    peer.all("allowed_ip").forEach(json::value);
    json.endArray();
    number(json, "persistent_keepalive_seconds", peer, "persistent_keepalive_interval");
    json.name("latest_handshake_epoch_seconds");
    json.momentOrNothing(peer.number("last_handshake_time_sec"));
    traffic(peer, json);
    if (peer.has("handshake_state")) {
      whatOnlyWeSay(peer, json);
    }
    json.endObject();
  }

  private static void whatOnlyWeSay(Facts peer, JsonText json) {
    json.name("heard_milliseconds_ago");
    if (peer.number("heard_ms_ago", -1) < 0) {
      json.nothing();
    } else {
      json.value(peer.number("heard_ms_ago"));
    }
    json.name("handshake").beginObject();
    text(json, "state", peer, "handshake_state");
    number(json, "attempt", peer, "handshake_attempt");
    json.endObject().name("session");
    if (peer.has("session_age_ms")) {
      json.beginObject();
      number(json, "age_milliseconds", peer, "session_age_ms");
      number(json, "rekey_in_milliseconds", peer, "session_rekey_ms");
      number(json, "expires_in_milliseconds", peer, "session_expires_ms");
      json.name("initiated_by_us").value(peer.isTrue("session_initiator")).endObject();
    } else {
      json.nothing();
    }
    number(json, "packets_without_session", peer, "staged");
    number(json, "event_loop", peer, "loop");
    number(json, "endpoint_changes", peer, "endpoint_changes");
    json.name("endpoint_history").beginArray();
    for (String place : peer.all("endpoint_was")) {
      String[] parts = place.split(",", 2);
      json.beginObject().name("since_epoch_milliseconds").value(Long.parseLong(parts[0]));
      json.name("endpoint").value(parts[parts.length - 1]).endObject();
    }
    json.endArray();
  }

  private static void text(JsonText json, String name, Facts facts, String key) {
    json.name(name).valueOrNothing(facts.text(key));
  }

  private static void number(JsonText json, String name, Facts facts, String key) {
    json.name(name).value(facts.number(key));
  }
}
