package io.wgnetty.client;

/** What {@code top} shows, as one JSON document. Its names stay. */
public final class TopJson {
  private TopJson() {}

  /** The rows that the report has. */
  public static String of(NodeReport report, TopOrder order) {
    Facts node = report.node();
    var json = new JsonText().beginObject().name("name").value(report.name());
    json.name("sorted_by").value(order.word());
    json.name("interval_milliseconds").value(node.number("interval_ms"));
    json.name("peers_configured").value(node.number("peers"));
    json.name("peers_with_session").value(node.number("peers_with_session"));
    traffic(node, json);
    json.name("peers").beginArray();
    report.peers().forEach(peer -> row(peer, json));
    return json.endArray().endObject().toString();
  }

  private static void traffic(Facts facts, JsonText json) {
    json.name("received_bytes_per_second").value(facts.number("rx_rate"));
    json.name("sent_bytes_per_second").value(facts.number("tx_rate"));
    json.name("received_bytes").value(facts.number("rx_bytes"));
    json.name("sent_bytes").value(facts.number("tx_bytes"));
  }

  private static void row(Facts peer, JsonText json) {
    json.beginObject().name("public_key").value(peer.base64("public_key"));
    json.name("name").valueOrNothing(peer.text("label"));
    json.name("endpoint").valueOrNothing(peer.text("endpoint"));
    traffic(peer, json);
    json.name("latest_handshake_epoch_seconds");
    json.momentOrNothing(peer.number("last_handshake_time_sec"));
    json.name("handshake_state").valueOrNothing(peer.text("handshake_state"));
    json.name("packets_without_session").value(peer.number("staged")).endObject();
  }
}
