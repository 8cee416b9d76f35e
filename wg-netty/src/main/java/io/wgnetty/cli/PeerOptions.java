package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.Finding;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import java.util.List;

/**
 * What a client's file is to hold, as it is written on the command line. Understood by the reader
 * of files, so that both take the same and say the same.
 *
 * @param settings addresses and name servers
 * @param peer endpoint, allowed IPs and keepalive
 */
record PeerOptions(InterfaceSettings settings, PeerSettings peer) {
  /** The base point: the key of nobody, for this text only. */
  private static final String SOME_KEY = "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  /**
   * Reads the options.
   *
   * @param addresses the client's; empty to choose one
   * @param endpoint empty for none
   */
  static PeerOptions read(
      List<String> addresses, String allowedIps, String endpoint, String dns, int keepalive)
      throws CommandFailure {
    StringBuilder text = new StringBuilder("[Interface]\n");
    add(text, "Address", String.join(", ", addresses));
    add(text, "DNS", dns);
    text.append("[Peer]\nPublicKey = ").append(SOME_KEY).append('\n');
    add(text, "AllowedIPs", allowedIps);
    add(text, "Endpoint", endpoint);
    add(text, "PersistentKeepalive", Integer.toString(keepalive));
    ConfigurationResult result = ConfigurationReader.read(text.toString().getBytes(UTF_8));
    for (Finding finding : result.findings()) {
      if (finding.severity() == Finding.Severity.ERROR) {
        throw CommandFailure.usage(finding.key() + ": " + finding.message());
      }
    }
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw CommandFailure.usage("these options make no configuration");
    }
    return new PeerOptions(configuration.settings(), configuration.peers().getFirst());
  }

  private static void add(StringBuilder text, String key, String value) throws CommandFailure {
    if (value.chars().anyMatch(c -> c < ' ' || c == '#')) {
      throw CommandFailure.usage(key + ": not a value that can stand in a file");
    }
    if (!value.isBlank()) {
      text.append(key).append(" = ").append(value).append('\n');
    }
  }
}
