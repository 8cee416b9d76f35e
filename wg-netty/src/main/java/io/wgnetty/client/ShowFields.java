package io.wgnetty.client;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** One kind of fact of an interface or its peers, as {@code wg show NAME FIELD} prints it. */
public final class ShowFields {
  /** The fields' names. */
  public static final List<String> NAMES =
      List.of(
          "public-key",
          "private-key",
          "listen-port",
          "fwmark",
          "peers",
          "preshared-keys",
          "endpoints",
          "allowed-ips",
          "latest-handshakes",
          "transfer",
          "persistent-keepalive",
          "dump");

  private static final String NONE = "(none)";

  private final NodeReport report;
  private final Facts node;

  public ShowFields(NodeReport report) {
    this.report = report;
    this.node = report.node();
  }

  /** Whether the field holds private or pre-shared keys. */
  public static boolean isSecret(String field) {
    return List.of("private-key", "preshared-keys", "dump").contains(field);
  }

  /**
   * The field's lines.
   *
   * @param field one of {@link #NAMES}
   * @param named whether the interface's name stands in front of each, as for all interfaces
   */
  public String text(String field, boolean named) {
    var text = new StringBuilder();
    for (String line : lines(field)) {
      text.append(named ? report.name() + "\t" : "").append(line).append('\n');
    }
    return text.toString();
  }

  private List<String> lines(String field) {
    return switch (field) {
      case "public-key" -> List.of(ownKey());
      case "private-key" -> List.of(node.text("private_key", NONE));
      case "listen-port" -> List.of(node.text("listen_port", "0"));
      case "fwmark" -> List.of(mark());
      case "peers" -> each(ShowFields::key);
      case "preshared-keys" -> with(peer -> peer.text("preshared_key", NONE));
      case "endpoints" -> with(peer -> peer.text("endpoint", NONE));
      case "allowed-ips" -> with(peer -> allowedIps(peer, " "));
      case "latest-handshakes" -> with(peer -> peer.text("last_handshake_time_sec", "0"));
      case "transfer" -> with(ShowFields::transfer);
      case "persistent-keepalive" -> with(ShowFields::keepalive);
      case "dump" -> dump();
      default -> throw new IllegalArgumentException(field);
    };
  }

  private List<String> dump() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.join(
            "\t", node.text("private_key", NONE), ownKey(), node.text("listen_port", "0"), mark()));
    lines.addAll(
        with(
            peer ->
                String.join(
                    "\t",
                    peer.text("preshared_key", NONE),
                    peer.text("endpoint", NONE),
                    allowedIps(peer, ","),
                    peer.text("last_handshake_time_sec", "0"),
                    transfer(peer),
                    keepalive(peer))));
    return lines;
  }

  private List<String> each(Function<Facts, String> line) {
    return report.peers().stream().map(line).toList();
  }

  private List<String> with(Function<Facts, String> value) {
    return each(peer -> key(peer) + "\t" + value.apply(peer));
  }

  private static String key(Facts peer) {
    return peer.base64("public_key");
  }

  private String ownKey() {
    return node.has("own_public_key") ? node.base64("own_public_key") : NONE;
  }

  private String mark() {
    long mark = node.number("fwmark");
    return mark == 0 ? "off" : "0x" + Long.toHexString(mark);
  }

  private static String allowedIps(Facts peer, String separator) {
    List<String> all = peer.all("allowed_ip");
    return all.isEmpty() ? NONE : String.join(separator, all);
  }

  private static String transfer(Facts peer) {
    return peer.text("rx_bytes", "0") + "\t" + peer.text("tx_bytes", "0");
  }

  private static String keepalive(Facts peer) {
    long seconds = peer.number("persistent_keepalive_interval");
    return seconds == 0 ? "off" : Long.toString(seconds);
  }
}
