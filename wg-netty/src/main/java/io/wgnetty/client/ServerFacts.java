package io.wgnetty.client;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.ConfigurationResult;
import io.wgnetty.config.FileFailure;
import io.wgnetty.config.Finding;
import io.wgnetty.config.InterfaceComment;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.SecretPlaces;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a new peer has to know of the interface, from its file and from the running node.
 *
 * @param settings of the file, without the private key; {@code null} if there is none
 * @param peers those of the file, then those that only the running node has
 * @param taken what else is allowed to peers in the running node
 * @param publicKey the interface's
 * @param listenPort 0 if it has none yet
 * @param publicEndpoint what a comment {@code # Endpoint = HOST:PORT} in the file says
 */
public record ServerFacts(
    @Nullable InterfaceSettings settings,
    List<PeerSettings> peers,
    List<IpPrefix> taken,
    PublicKey publicKey,
    int listenPort,
    @Nullable String publicEndpoint) {
  public static ServerFacts of(ControlSockets sockets, NodeTarget target) throws CommandFailure {
    Path file = target.file();
    if (file == null) {
      NodeReport report = NodeReport.of(sockets, target.name());
      return new ServerFacts(
          null,
          running(report, List.of()),
          taken(report),
          key(report),
          (int) report.node().number("listen_port"),
          null);
    }
    Configuration configuration = read(file);
    InterfaceSettings settings = configuration.settings();
    PrivateKey own = settings.privateKey();
    PublicKey publicKey = own == null ? null : own.publicKey(X25519Providers.fastest());
    configuration.wipe();
    int port = settings.listenPort();
    List<PeerSettings> peers = new ArrayList<>(configuration.peers());
    peers.addAll(configuration.barred()); // what they have stays theirs
    List<IpPrefix> taken = List.of();
    if (sockets.isRunning(target.name())) {
      NodeReport report = NodeReport.of(sockets, target.name());
      peers.addAll(running(report, peers));
      taken = taken(report);
      publicKey = publicKey == null ? key(report) : publicKey;
      port = port == 0 ? (int) report.node().number("listen_port", port) : port;
    }
    if (publicKey == null) {
      String elsewhere = configuration.comments().get(InterfaceComment.PRIVATE_KEY_FILE);
      throw CommandFailure.notRunning(
          (elsewhere == null
                  ? file + " has no PrivateKey"
                  : "the private key is in " + elsewhere + ", which cannot be read here")
              + ", and the interface is not running");
    }
    return new ServerFacts(
        settings,
        peers,
        taken,
        publicKey,
        port,
        configuration.comments().get(InterfaceComment.ENDPOINT));
  }

  /** The peers that only the node has, without secrets. */
  private static List<PeerSettings> running(NodeReport report, List<PeerSettings> inFile) {
    Set<PublicKey> known = new HashSet<>();
    inFile.forEach(peer -> known.add(peer.publicKey()));
    List<PeerSettings> others = new ArrayList<>();
    for (Facts peer : report.peers()) {
      PublicKey key = peer.key("public_key");
      if (key != null && known.add(key)) {
        String label = peer.text("label");
        others.add(new PeerSettings(key, PresharedKey.none(), List.of(), null, 0, label));
      }
    }
    return others;
  }

  private static List<IpPrefix> taken(NodeReport report) {
    List<IpPrefix> taken = new ArrayList<>();
    for (Facts peer : report.peers()) {
      for (String text : peer.all("allowed_ip")) {
        IpPrefix prefix = prefix(text);
        if (prefix != null) {
          taken.add(prefix);
        }
      }
    }
    return taken;
  }

  /** {@code null} for one of a kind that no address of ours can meet. */
  private static @Nullable IpPrefix prefix(String text) {
    try {
      return IpPrefix.parse(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static PublicKey key(NodeReport report) throws CommandFailure {
    PublicKey key = report.node().key("own_public_key");
    if (key == null) {
      throw new CommandFailure(
          report.name() + " has no private key yet: wg set " + report.name() + " private-key FILE");
    }
    return key;
  }

  /** A file without errors, whose secrets the caller wipes. */
  public static Configuration read(Path file) throws CommandFailure {
    ConfigurationResult result;
    try {
      result =
          ConfigurationFile.read(file, ConfigurationFile.systemNames(SecretPlaces.Use.IF_POSSIBLE));
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + FileFailure.reason(e));
    }
    Configuration configuration = result.configuration();
    if (configuration == null) {
      List<String> errors = new ArrayList<>();
      for (Finding finding : result.findings()) {
        if (finding.severity() == Finding.Severity.ERROR) {
          errors.add(finding.in(file));
        }
      }
      throw new CommandFailure(
          errors.getFirst()
              + (errors.size() > 1
                  ? " (and %d more: wg-netty check)".formatted(errors.size() - 1)
                  : ""));
    }
    return configuration;
  }
}
