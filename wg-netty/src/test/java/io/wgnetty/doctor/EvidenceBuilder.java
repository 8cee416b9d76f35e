package io.wgnetty.doctor;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.client.Facts;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.ConfigurationResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Evidence of a machine on which all is well, but for what a test says. */
final class EvidenceBuilder {
  /** 2026-11-01. */
  static final long NOW = 1_793_491_200L;

  static final String KEY = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";

  private final Map<String, String> settings = new HashMap<>();
  private final List<HostFacts.Network> networks = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>();
  private final Facts before = new Facts();
  private final Facts after = new Facts();
  private final List<PeerFacts> peers = new ArrayList<>();
  private final List<PathFacts> paths = new ArrayList<>();
  private @Nullable String file;
  private HostFacts.Nat nat = HostFacts.Nat.FOUND;
  private NodeFacts.PortAnswer port = NodeFacts.PortAnswer.COUNTED;
  private long now = NOW;
  private long lost;
  private boolean running = true;
  private boolean ours = true;

  EvidenceBuilder setting(String path, String value) {
    settings.put(path, value);
    return this;
  }

  EvidenceBuilder network(String link, String prefix) {
    networks.add(new HostFacts.Network(link, IpPrefix.parse(prefix)));
    return this;
  }

  EvidenceBuilder nat(HostFacts.Nat value) {
    nat = value;
    return this;
  }

  EvidenceBuilder now(long epochSeconds) {
    now = epochSeconds;
    return this;
  }

  /** Datagrams lost meanwhile. */
  EvidenceBuilder lost(long datagrams) {
    lost = datagrams;
    return this;
  }

  /** A file with that [Interface] section, and peers as they stand behind it. */
  EvidenceBuilder file(String lines) {
    file = "[Interface]\nPrivateKey = " + KEY + "\nAddress = 10.9.0.1/24\n" + lines;
    return this;
  }

  static String peer(int number, String lines) {
    return "\n[Peer]\nPublicKey = %s%s=\n%s"
        .formatted((char) ('B' + number), "A".repeat(42), lines);
  }

  /** What became of looking that host up: the empty text if it was found. */
  EvidenceBuilder name(String host, String failure) {
    names.put(host, failure);
    return this;
  }

  EvidenceBuilder stopped() {
    running = false;
    return this;
  }

  EvidenceBuilder foreign() {
    ours = false;
    return this;
  }

  EvidenceBuilder port(NodeFacts.PortAnswer answer) {
    port = answer;
    return this;
  }

  EvidenceBuilder node(String key, String value) {
    after.add(key, value);
    return this;
  }

  EvidenceBuilder drops(String reason, long then, long later) {
    before.add("drop", reason + ":" + then);
    after.add("drop", reason + ":" + later);
    return this;
  }

  /** Facts as {@code key=before>after}, or {@code key=value} for both. */
  EvidenceBuilder runningPeer(String label, String... facts) {
    var one = new Facts();
    var other = new Facts();
    other.add("label", label);
    for (String fact : facts) {
      int equals = fact.indexOf('=');
      String key = fact.substring(0, equals);
      String[] values = fact.substring(equals + 1).split(">", -1);
      one.add(key, values[0]);
      other.add(key, values[values.length - 1]);
    }
    peers.add(new PeerFacts(one, other));
    return this;
  }

  EvidenceBuilder path(String peer, boolean answers, int largest) {
    paths.add(new PathFacts(peer, "10.9.0.2", 1420, answers, largest));
    return this;
  }

  Evidence build() {
    if (ours) {
      after.add("implementation", "wg-netty");
    }
    after.add("listen_port", "51820");
    return new Evidence(
        "wg0",
        new HostFacts(settings, networks, "eth0", nat, now, 7, 7 + lost),
        fileFacts(),
        running ? new NodeFacts(before, after, 3, peers, peers.size(), port) : null,
        paths);
  }

  private @Nullable FileFacts fileFacts() {
    if (file == null) {
      return null;
    }
    ConfigurationResult read = ConfigurationReader.read(file.getBytes(StandardCharsets.UTF_8));
    return new FileFacts(
        Path.of("/etc/wireguard/wg0.conf"), read.findings(), read.configuration(), NOW - 60, names);
  }
}
