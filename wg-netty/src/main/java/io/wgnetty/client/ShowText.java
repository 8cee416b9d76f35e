package io.wgnetty.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A node's report as people read it: what {@code wg show} prints, and more (protocol 7.3). */
public final class ShowText {
  private static final long MILLIS = 1000;

  private final Palette palette;
  private final Quantities quantities;
  private final long nowEpochSeconds;

  public ShowText(Palette palette, long nowEpochSeconds) {
    this.palette = palette;
    this.quantities = new Quantities(palette);
    this.nowEpochSeconds = nowEpochSeconds;
  }

  /** The interface's own part. */
  public String node(NodeReport report) {
    Facts node = report.node();
    var lines = new Lines();
    lines.head(palette.green(palette.bold("interface")) + ": " + palette.green(report.name()));
    if (node.has("own_public_key")) {
      lines.field("public key", node.base64("own_public_key"));
      lines.field("private key", node.text("private_key", "(hidden)"));
    }
    if (node.number("listen_port") != 0) {
      String port = node.text("listen_port", "");
      lines.field(
          "listening port",
          node.has("not_listening")
              ? port + " " + palette.red("(not listening: " + node.text("not_listening", "") + ")")
              : port);
    }
    if (node.number("fwmark") != 0) {
      lines.field("fwmark", "0x" + Long.toHexString(node.number("fwmark")));
    }
    if (report.isOurs()) {
      ownFacts(node, lines);
    }
    return lines.toString();
  }

  private void ownFacts(Facts node, Lines lines) {
    lines.field(
        "peers",
        "%s, %s with a session"
            .formatted(node.text("peers", "0"), node.text("peers_with_session", "0")));
    if (node.has("directory")) {
      lines.field("directory", DirectoryFacts.text(node, quantities, nowEpochSeconds));
    }
    lines.field(
        "packets",
        "%s received, %s sent"
            .formatted(node.text("rx_packets", "0"), node.text("tx_packets", "0")));
    counted("dropped", node, lines);
    lines.field(
        "event loops", node.text("loops", "?") + (node.isTrue("under_load") ? ", under load" : ""));
    if (node.has("cipher")) {
      lines.field("cipher", cipher(node));
    }
    List<String> queues = new ArrayList<>();
    queue(node, "handshake_jobs", "handshake computations", queues);
    queue(node, "staged", "packets without a session", queues);
    queue(node, "mailbox", "batches between loops", queues);
    queue(node, "pending_messages", "messages for the socket", queues);
    if (!queues.isEmpty()) {
      lines.field("waiting", String.join(", ", queues));
    }
  }

  /** Where it was measured with what it takes, and with what else is used. */
  private static String cipher(Facts node) {
    String name = node.text("cipher", "");
    if (!node.has("cipher_ns")) {
      return name;
    }
    StringBuilder text =
        new StringBuilder("%s, %d ns for 1424 bytes".formatted(name, node.number("cipher_ns")));
    for (String load : List.of("small", "single")) {
      String other = node.text("cipher_" + load, name);
      if (!other.equals(name)) {
        text.append(
            "; %s packets: %s, %d ns for 64"
                .formatted(load, other, node.number("cipher_" + load + "_ns")));
      }
    }
    return text.toString();
  }

  private static void queue(Facts node, String key, String what, List<String> queues) {
    if (node.number(key) > 0) {
      queues.add(node.number(key) + " " + what);
    }
  }

  private static void counted(String title, Facts facts, Lines lines) {
    Map<String, Long> drops = facts.counts("drop");
    if (!drops.isEmpty()) {
      lines.field(
          title,
          drops.entrySet().stream()
              .map(drop -> drop.getValue() + " " + drop.getKey())
              .collect(Collectors.joining(", ")));
    }
  }

  /** One peer's part. */
  public String peer(Facts peer) {
    var lines = new Lines();
    lines.head(
        palette.yellow(palette.bold("peer")) + ": " + palette.yellow(peer.base64("public_key")));
    if (peer.has("label")) {
      lines.field("name", printable(peer.text("label", "")));
    }
    if (peer.isTrue("has_preshared_key")) {
      lines.field("preshared key", peer.text("preshared_key", "(hidden)"));
    }
    if (peer.has("endpoint")) {
      lines.field("endpoint", peer.text("endpoint", ""));
    }
    if (peer.has("limit")) {
      lines.field("limit", peer.text("limit", ""));
    }
    if (peer.has("quota")) {
      lines.field("quota", LimitRequest.quota(peer));
    }
    if (peer.has("group")) {
      lines.field("group", printable(peer.text("group", "")));
    }
    List<String> allowedIps = peer.all("allowed_ip");
    lines.field("allowed ips", allowedIps.isEmpty() ? "(none)" : String.join(", ", allowedIps));
    long handshake = peer.number("last_handshake_time_sec");
    if (handshake != 0) {
      lines.field("latest handshake", quantities.ago(handshake, nowEpochSeconds));
    }
    long received = peer.number("rx_bytes");
    long sent = peer.number("tx_bytes");
    if (received != 0 || sent != 0) {
      lines.field(
          "transfer",
          quantities.bytes(received) + " received, " + quantities.bytes(sent) + " sent");
    }
    long keepalive = peer.number("persistent_keepalive_interval");
    if (keepalive != 0) {
      lines.field("persistent keepalive", "every " + quantities.seconds(keepalive));
    }
    if (peer.has("handshake_state")) {
      whatOnlyWeSay(peer, lines);
    }
    return lines.toString();
  }

  private void whatOnlyWeSay(Facts peer, Lines lines) {
    lines.field("session", session(peer));
    long received = peer.number("rx_packets");
    long sent = peer.number("tx_packets");
    if (received != 0 || sent != 0) {
      lines.field("packets", received + " received, " + sent + " sent");
    }
    counted("dropped", peer, lines);
    if (peer.number("staged") > 0) {
      lines.field("waiting", peer.number("staged") + " packets");
    }
    if (peer.number("endpoint_changes") > 0) {
      lines.field("endpoint changes", endpointChanges(peer));
    }
    lines.field("event loop", peer.text("loop", "?"));
  }

  private String session(Facts peer) {
    StringBuilder text = new StringBuilder(peer.text("handshake_state", ""));
    long attempt = peer.number("handshake_attempt");
    if (attempt > 0) {
      text.append(" (attempt ").append(attempt).append(')');
    }
    if (peer.has("session_age_ms")) {
      text.append(", ").append(quantities.seconds(peer.number("session_age_ms") / MILLIS));
      text.append(" old, rekey ");
      long rekey = peer.number("session_rekey_ms") / MILLIS;
      text.append(rekey == 0 ? "due" : "in " + quantities.seconds(rekey));
      text.append(peer.isTrue("session_initiator") ? " by us" : " by the peer");
    }
    return text.toString();
  }

  private String endpointChanges(Facts peer) {
    List<String> places = peer.all("endpoint_was");
    String count = peer.text("endpoint_changes", "0");
    if (places.size() < 2) {
      return count;
    }
    String[] newest = places.getLast().split(",", 2);
    String[] before = places.get(places.size() - 2).split(",", 2);
    try {
      long since = Long.parseLong(newest[0]) / MILLIS;
      return count
          + ", the last one "
          + quantities.ago(since, nowEpochSeconds)
          + " from "
          + before[before.length - 1];
    } catch (NumberFormatException e) {
      return count;
    }
  }

  /** A name from a file, without what could act on the terminal. */
  public static String printable(String text) {
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  private final class Lines {
    private final StringBuilder text = new StringBuilder();

    void head(String line) {
      text.append(line).append('\n');
    }

    void field(String title, String value) {
      text.append("  ").append(palette.bold(title)).append(": ").append(value).append('\n');
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
