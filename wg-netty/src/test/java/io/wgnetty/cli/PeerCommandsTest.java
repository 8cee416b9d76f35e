package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.client.QrReading;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerSnapshot;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class PeerCommandsTest {
  private static final PrivateKey SERVER_KEY =
      PrivateKey.fromHex("e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a");

  private static final PublicKey SERVER = SERVER_KEY.publicKey(X25519Providers.fastest());
  private static final String FIRST_PEER = PublicKey.fromHex("aa".repeat(32)).toBase64();

  private static final String TEXT =
      """
      # my gateway
      [Interface]
      PrivateKey = %s
      Address = 10.9.0.1/24, fd09::1/64
      # Endpoint = vpn.example.org:4711
      ListenPort = 51820
      MTU = 1400

      [Peer] # the first
      # Name = first
      PublicKey = %s
      AllowedIPs = 10.9.0.2/32, fd09::2/128
      """
          .formatted(SERVER_KEY.toBase64(), FIRST_PEER);

  @TempDir private Path directory;
  private Path sockets = Path.of("/");
  private Path file = Path.of("/");
  private Path client = Path.of("/");

  @BeforeEach
  void writeFile() throws IOException {
    sockets = Files.createDirectory(directory.resolve("sockets"));
    file = Files.writeString(directory.resolve("wg0.conf"), TEXT);
    client = directory.resolve("client.conf");
  }

  private CommandLineRun call(String... arguments) {
    return ClientNode.call(sockets, Map.of(), arguments);
  }

  private CommandLineRun add(String... more) {
    return call(
        Stream.concat(
                Stream.of("add-peer", file.toString(), "--out", client.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Configuration configuration(byte[] text) {
    Configuration read = ConfigurationReader.read(text).configuration();
    if (read == null) {
      throw new AssertionError(ConfigurationReader.read(text).findings());
    }
    return read;
  }

  private List<PeerSettings> peersInFile() throws IOException {
    return configuration(Files.readAllBytes(file)).peers();
  }

  private List<Path> everythingBut(Path... known) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(each -> !List.of(known).contains(each)).toList();
    }
  }

  @Test
  void shouldAddPeerToFileAndWriteItsOwn() throws IOException {
    CommandLineRun run = add("--name", "phone");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("wg0 is not running", "wg0: added peer phone, 10.9.0.3/32, fd09::3/128");
    assertThat(Files.readString(file)).startsWith(TEXT).contains("# Name = phone\n");
    PeerSettings added = peersInFile().getLast();
    Configuration theirs = configuration(Files.readAllBytes(client));
    PrivateKey key = theirs.settings().privateKey();
    assertThat(key).isNotNull();
    assertThat(key == null ? null : key.publicKey(X25519Providers.fastest()))
        .isEqualTo(added.publicKey());
    assertThat(theirs.settings().addresses()).hasToString("[10.9.0.3/32, fd09::3/128]");
    assertThat(theirs.settings().mtu()).isEqualTo(1400);
    PeerSettings us = theirs.peers().getFirst();
    assertThat(us.publicKey()).isEqualTo(SERVER);
    assertThat(us.presharedKey().sameAs(added.presharedKey())).isTrue();
    assertThat(us.presharedKey().isNone()).isFalse();
    assertThat(us.endpoint()).hasToString("vpn.example.org:4711");
    assertThat(us.allowedIps()).hasToString("[0.0.0.0/0, ::/0]");
    assertThat(us.keepaliveSeconds()).isEqualTo(25);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(client)))
        .isEqualTo("rw-------");
    assertThat(everythingBut(sockets, file, client)).isEmpty();
    assertThat(Files.readString(file)).doesNotContain(key == null ? "" : key.toBase64());
  }

  @Test
  void shouldTakeWhatTheOptionsSay() throws IOException {
    CommandLineRun run =
        add(
            "--name",
            "a b",
            "--address",
            "10.9.0.77/32",
            "--client-allowed-ips",
            "10.9.0.0/24",
            "--endpoint",
            "[2001:db8::1]:99",
            "--dns",
            "10.9.0.1, corp.example",
            "--keepalive",
            "0");
    assertThat(run.exitCode()).as(run.err()).isZero();
    Configuration theirs = configuration(Files.readAllBytes(client));
    assertThat(theirs.settings().addresses()).hasToString("[10.9.0.77/32]");
    assertThat(theirs.settings().dnsServers()).containsExactly("10.9.0.1");
    assertThat(theirs.settings().dnsSearchDomains()).containsExactly("corp.example");
    assertThat(theirs.peers().getFirst().endpoint()).hasToString("[2001:db8::1]:99");
    assertThat(theirs.peers().getFirst().allowedIps()).hasToString("[10.9.0.0/24]");
    assertThat(theirs.peers().getFirst().keepaliveSeconds()).isZero();
    assertThat(peersInFile().getLast().label()).isEqualTo("a b");
  }

  @Test
  void shouldGiveEachAnAddressOfItsOwnThoughManyAreAddedAtOnce() throws Exception {
    int together = 6;
    try (ExecutorService callers = Executors.newFixedThreadPool(together)) {
      List<Callable<CommandLineRun>> calls = new ArrayList<>();
      for (int i = 0; i < together; i++) {
        String own = directory.resolve("client-" + i + ".conf").toString();
        calls.add(() -> call("add-peer", file.toString(), "--out", own));
      }
      for (Future<CommandLineRun> each : callers.invokeAll(calls)) {
        assertThat(each.get().exitCode()).as(each.get().err()).isZero();
      }
    }
    assertThat(peersInFile()).hasSize(1 + together);
    assertThat(peersInFile().stream().map(PeerSettings::allowedIps)).doesNotHaveDuplicates();
    assertThat(peersInFile().stream().map(PeerSettings::label)).doesNotHaveDuplicates();
  }

  @Test
  void shouldShowCodeThatHoldsTheWholeFile() throws Exception {
    CommandLineRun run = add("--qr");
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).allMatch(line -> line.length() <= 80);
    assertThat(QrReading.of(lines)).isEqualTo(Files.readString(client));
  }

  @Test
  void shouldWriteFileToStandardOutputOrNowhere() throws IOException {
    CommandLineRun run = call("add-peer", file.toString(), "--out", "-");
    assertThat(configuration(run.out().getBytes(UTF_8)).peers()).hasSize(1);
    assertThat(call("add-peer", file.toString(), "--no-file", "--qr").exitCode()).isZero();
    assertThat(call("add-peer", file.toString(), "--no-file").err()).contains("nobody would get");
    assertThat(everythingBut(sockets, file)).isEmpty();
    assertThat(peersInFile())
        .extracting(PeerSettings::label)
        .containsExactly("first", "peer-2", "peer-3");
  }

  @Test
  void shouldRefuseWhatIsWrongAndChangeNothing() throws IOException {
    String[][] wrong = {
      {"--name", "first"}, {"--name", ""}, {"--name", "a\nb"},
      {"--endpoint", "nonsense"}, {"--endpoint", "a:1\nPostUp = evil"}, {"--endpoint", "a#b:1"},
      {"--client-allowed-ips", "10.0.0.0/33"}, {"--address", "10.9.0.300"}, {"--dns", "x y\n"},
      {"--keepalive", "70000"},
    };
    for (String[] options : wrong) {
      CommandLineRun run = add(options);
      assertThat(run.exitCode())
          .as(List.of(options) + run.err())
          .isEqualTo(options[1].equals("first") ? 1 : 2);
      assertThat(run.err()).startsWith("wg-netty: ").hasLineCount(1);
    }
    Files.writeString(client, "mine");
    assertThat(add().err()).contains("is already there");
    assertThat(client).hasContent("mine");
    assertThat(file).hasContent(TEXT);
    Files.writeString(file, TEXT + "[Pier]\n");
    assertThat(add("--name", "x").err()).contains("wg0.conf:13:1: error");
    assertThat(call("add-peer", directory.resolve("none.conf").toString()).err())
        .contains("no file");
    assertThat(call("add-peer", "wgnone7").err())
        .contains("neither is an interface wgnone7 running");
  }

  @Test
  void shouldRemoveWhatItAddedAndLeaveTheFileAsItWas() throws IOException {
    assertThat(add("--name", "phone").exitCode()).isZero();
    CommandLineRun run = call("remove-peer", file.toString(), "phone");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(file).hasContent(TEXT);
    assertThat(call("remove-peer", file.toString(), "phone").err()).contains("no peer phone");
    assertThat(call("remove-peer", file.toString(), FIRST_PEER.substring(0, 6)).exitCode())
        .isZero();
    assertThat(peersInFile()).isEmpty();
  }

  private Map<String, Operation> reloading(AtomicInteger reloads, @Nullable String failure) {
    return Map.of(
        "status",
        (arguments, out) -> out.line("file", file.toString()),
        "reload_peer",
        (arguments, out) -> {
          assertThat(arguments.get("peer")).hasSize(64);
          reloads.incrementAndGet();
          if (failure != null) {
            throw new OperationFailure(failure);
          }
        });
  }

  @Test
  void shouldAskTheNodeToReadThatPeer() throws IOException {
    var reloads = new AtomicInteger();
    try (var node = ClientNode.start(sockets, "wg0", reloading(reloads, null))) {
      CommandLineRun run = node.call("add-peer", "wg0", "--name", "x", "--out", client.toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.err()).doesNotContain("not running");
      assertThat(peersInFile()).hasSize(2);
      assertThat(node.call("remove-peer", "wg0", "x").exitCode()).isZero();
      assertThat(file).hasContent(TEXT);
      assertThat(reloads).hasValue(2);
    }
  }

  @Test
  void shouldRestoreTheFileIfTheNodeRefusesIt() throws IOException {
    try (var node = ClientNode.start(sockets, "wg0", reloading(new AtomicInteger(), "no way"))) {
      CommandLineRun run = node.call("add-peer", "wg0", "--out", client.toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("wg0: no way; " + file + " is as it was");
      assertThat(file).hasContent(TEXT);
      assertThat(client).doesNotExist();
      assertThat(node.call("remove-peer", "wg0", "first").err()).contains("no way");
      assertThat(file).hasContent(TEXT);
    }
  }

  @Test
  void shouldRefuseFileThatIsNotTheRunningOne() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other")).resolve("wg0.conf");
    Files.writeString(other, TEXT);
    var reloads = new AtomicInteger();
    try (var node = ClientNode.start(sockets, "wg0", reloading(reloads, null))) {
      CommandLineRun run = node.call("add-peer", other.toString(), "--out", client.toString());
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("wg0 is running with another file, " + file);
      assertThat(other).hasContent(TEXT);
      assertThat(client).doesNotExist();
      assertThat(reloads).hasValue(0);
      Path link = Files.createSymbolicLink(sockets.resolve("wg0.conf"), file);
      assertThat(node.call("remove-peer", link.toString(), "first").exitCode()).isZero();
      assertThat(reloads).hasValue(1);
    }
  }

  @Test
  void shouldNotTakeSocketThatIsLeftOverForRunningNode() throws IOException {
    try (var left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      left.bind(UnixDomainSocketAddress.of(sockets.resolve("wg0.sock")));
    }
    CommandLineRun run = add("--name", "x");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.err()).contains("wg0 is not running");
    assertThat(call("add-peer", "wg0", "--name", "y").err())
        .contains("neither is an interface wg0");
  }

  @Test
  void shouldTellNodeThatCannotReloadByItself() throws IOException {
    Map<String, Operation> status =
        Map.of("status", (arguments, out) -> out.line("file", file.toString()));
    try (var node = ClientNode.start(sockets, "wg0", status)) {
      CommandLineRun run = node.call("add-peer", "wg0", "--name", "x", "--out", client.toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      PeerSettings added = peersInFile().getLast();
      PeerSnapshot running = node.device.snapshots(List.of(added.publicKey())).getFirst();
      assertThat(running.allowedIps()).isEqualTo(added.allowedIps());
      assertThat(running.presharedKey().sameAs(added.presharedKey())).isTrue();
      assertThat(node.call("remove-peer", "wg0", "x").exitCode()).isZero();
      assertThat(node.device.peerKeys()).isEmpty();
    }
  }

  @Test
  void shouldAddToNodeWithoutFile() throws IOException {
    try (var node = ClientNode.start(sockets, "wgtest77", Map.of())) {
      node.device.setPrivateKey(SERVER_KEY.copy());
      node.device.setListenPort(5);
      assertThat(node.call("add-peer", "wgtest77").err()).contains("--address");
      CommandLineRun run =
          node.call(
              "add-peer",
              "wgtest77",
              "--address",
              "10.1.1.2",
              "--endpoint",
              "192.0.2.9:5",
              "--name",
              "box",
              "--out",
              client.toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      PublicKey added = node.device.peerKeys().getFirst();
      assertThat(node.device.label(added)).isEqualTo("box");
      PeerSettings us = configuration(Files.readAllBytes(client)).peers().getFirst();
      assertThat(us.publicKey()).isEqualTo(SERVER);
      assertThat(node.call("list-peers", "wgtest77").out()).contains("box", "10.1.1.2/32");
      assertThat(node.call("remove-peer", "wgtest77", "box").exitCode()).isZero();
      assertThat(node.device.peerKeys()).isEmpty();
    }
  }

  @Test
  void shouldListPeersOfFileAndNode() throws IOException {
    assertThat(call("list-peers", file.toString()).out())
        .startsWith("NAME ")
        .contains("first  " + FIRST_PEER + "  10.9.0.2/32,fd09::2/128  -  ");
    try (var node = ClientNode.start(sockets, "wg0", reloading(new AtomicInteger(), null))) {
      node.device.apply(
          List.of(
              new PeerChange(
                  PublicKey.fromHex("bb".repeat(32)),
                  false,
                  false,
                  PresharedKey.none(),
                  null,
                  null,
                  false,
                  List.of())));
      assertThat(node.call("list-peers", "wg0").out())
          .contains("not in the running node", "not in the file");
      JsonObject first =
          JsonParser.parseString(node.call("list-peers", "--json", "wg0").out())
              .getAsJsonObject()
              .getAsJsonArray("peers")
              .get(0)
              .getAsJsonObject();
      assertThat(first.get("name").getAsString()).isEqualTo("first");
      assertThat(first.get("in_file").getAsBoolean()).isTrue();
      assertThat(first.get("running").getAsBoolean()).isFalse();
    }
  }

  @Test
  void shouldLeaveTheOtherPeersOfTheRunningNodeAlone() throws IOException {
    PublicKey other = PublicKey.fromHex("bb".repeat(32));
    Map<String, Operation> status =
        Map.of("status", (arguments, out) -> out.line("file", file.toString()));
    try (var node = ClientNode.start(sockets, "wg0", status)) {
      node.device.apply(
          List.of(
              new PeerChange(
                  other,
                  false,
                  false,
                  PresharedKey.none(),
                  null,
                  null,
                  false,
                  List.of(new PeerChange.AllowedIp(IpPrefix.parse("10.9.0.3/32"), false)))));
      CommandLineRun run = node.call("add-peer", "wg0", "--name", "x", "--out", client.toString());
      assertThat(run.exitCode()).as(run.err()).isZero();
      PeerSettings added = peersInFile().getLast();
      assertThat(added.allowedIps()).hasToString("[10.9.0.4/32, fd09::3/128]");
      assertThat(node.device.peerKeys()).containsExactlyInAnyOrder(other, added.publicKey());
      assertThat(node.device.label(added.publicKey())).isEqualTo("x");
      assertThat(node.call("remove-peer", "wg0", other.toBase64()).exitCode()).isZero();
      assertThat(node.device.peerKeys()).containsExactly(added.publicKey());
      assertThat(peersInFile()).hasSize(2);
    }
  }

  @Test
  void shouldLeaveNothingHalfWrittenWhereTheDiskIsFull() throws IOException {
    assumeTrue(Files.exists(Path.of("/dev/full")));
    Path full = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));
    try (var out = new PrintStream(new FileOutputStream(full.toFile()), false, UTF_8)) {
      CommandLineRun run =
          CommandLineRun.to(out, sockets, "add-peer", file.toString(), "--no-file", "--qr");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).contains("the peer was not added: standard output could not be");
      assertThat(file).hasContent(TEXT);
    }
    assertThat(everythingBut(sockets, file, full)).isEmpty();
  }

  @Test
  void shouldSendOnlyTheFamiliesOfTheInterfaceUnlessToldOtherwise() throws IOException {
    Files.writeString(file, TEXT.replace(", fd09::1/64", "").replace(", fd09::2/128", ""));
    assertThat(add("--name", "x").exitCode()).isZero();
    assertThat(configuration(Files.readAllBytes(client)).peers().getFirst().allowedIps())
        .hasToString("[0.0.0.0/0]");
  }

  @Test
  void shouldTakeAllowedIpsAsWgDoesAndRefuseTheirFormerMeaning() throws IOException {
    for (String former : List.of("10.9.0.0/24", "0.0.0.0/0", "::/0", "fd09::/16")) {
      CommandLineRun refused = add("--allowed-ips", former);
      assertThat(refused.exitCode()).as(former).isEqualTo(2);
      assertThat(refused.err()).contains("--client-allowed-ips").hasLineCount(1);
    }
    assertThat(add("--allowed-ips", "10.9.7.0/24", "--address", "10.9.0.8").err())
        .contains("does not hold the client's address 10.9.0.8/32");
    assertThat(file).hasContent(TEXT);
    CommandLineRun run =
        add("--allowed-ips", "10.9.0.9, 10.20.0.0/16", "--site", "192.168.7.0/24,192.168.8.0/24");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(peersInFile().getLast().allowedIps())
        .hasToString("[10.9.0.9/32, 10.20.0.0/16, 192.168.7.0/24, 192.168.8.0/24]");
    assertThat(configuration(Files.readAllBytes(client)).settings().addresses())
        .hasToString("[10.9.0.9/32]");
    Files.delete(client);
    assertThat(add("--site", "10.20.0.0/16").err())
        .contains("is allowed to a peer already: peer-2");
    assertThat(client).doesNotExist();
  }

  @Test
  void shouldTellProgramsWhatItAdded() throws IOException {
    CommandLineRun run = add("--name", "phone", "--json");
    JsonObject told = JsonParser.parseString(run.out()).getAsJsonObject();
    PeerSettings added = peersInFile().getLast();
    assertThat(told.get("interface").getAsString()).isEqualTo("wg0");
    assertThat(told.get("name").getAsString()).isEqualTo("phone");
    assertThat(told.get("public_key").getAsString()).isEqualTo(added.publicKey().toBase64());
    assertThat(told.getAsJsonArray("allowed_ips").get(0).getAsString()).isEqualTo("10.9.0.3/32");
    assertThat(told.get("file").getAsString()).isEqualTo(client.toString());
    assertThat(told.get("running").getAsBoolean()).isFalse();
    assertThat(add("--json", "--qr").exitCode()).isEqualTo(2);
  }
}
