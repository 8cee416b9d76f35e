package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationReader;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to peers between their coming and their going. */
@Timeout(60)
class PeerLifeTest {
  private static final PrivateKey SERVER_KEY =
      PrivateKey.fromHex("e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a");

  private static final String FIRST = PublicKey.fromHex("aa".repeat(32)).toBase64();
  private static final String SECOND = PublicKey.fromHex("bb".repeat(32)).toBase64();

  private static final String TEXT =
      """
      [Interface]
      PrivateKey = %s
      Address = 10.9.0.1/16
      # Endpoint = vpn.example.org:4711
      ListenPort = 51820

      # Name = first
      [Peer]
      PublicKey = %s
      AllowedIPs = 10.9.0.2/32

      [Peer]
      # Name = second
      PublicKey = %s
      AllowedIPs = 10.9.0.3/32
      """
          .formatted(SERVER_KEY.toBase64(), FIRST, SECOND);

  @TempDir private Path directory;
  private Path sockets = Path.of("/");
  private Path file = Path.of("/");

  @BeforeEach
  void writeFile() throws IOException {
    sockets = Files.createDirectory(directory.resolve("sockets"));
    file = Files.writeString(directory.resolve("wg0.conf"), TEXT);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  private CommandLineRun call(String command, String... more) {
    return ClientNode.call(
        sockets,
        Map.of(),
        Stream.concat(Stream.of(command, file.toString()), Stream.of(more)).toArray(String[]::new));
  }

  private void good(CommandLineRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private Configuration read() throws IOException {
    return configuration(file);
  }

  private static Configuration configuration(Path path) throws IOException {
    var result = ConfigurationReader.read(Files.readAllBytes(path));
    Configuration configuration = result.configuration();
    if (configuration == null) {
      throw new AssertionError(result.findings());
    }
    return configuration;
  }

  private PeerSettings last() throws IOException {
    return read().peers().getLast();
  }

  private Map<String, Operation> node(List<String> asked, @Nullable String failure) {
    Operation reload =
        (arguments, out) -> {
          asked.add(arguments.toString());
          if (failure != null) {
            throw new OperationFailure(failure);
          }
        };
    return Map.of(
        "status",
        (arguments, out) -> out.line("file", file.toString()),
        "reload_peer",
        reload,
        "reload_peers",
        reload);
  }

  @Test
  void shouldDisableAndEnable() throws IOException {
    CommandLineRun disabled = call("disable-peer", "first");
    good(disabled);
    assertThat(disabled.err()).contains("wg0: disabled peer first (it is not running)");
    assertThat(read().peers()).map(PeerSettings::label).containsExactly("second");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    String list = call("list-peers").out();
    assertThat(list).contains("first").contains("disabled");
    JsonObject peer =
        JsonParser.parseString(call("list-peers", "--json").out())
            .getAsJsonObject()
            .getAsJsonArray("peers")
            .get(1)
            .getAsJsonObject();
    assertThat(peer.get("name").getAsString()).isEqualTo("first");
    assertThat(peer.get("disabled").getAsBoolean()).isTrue();
    assertThat(peer.get("in_file").getAsBoolean()).isTrue();
    assertThat(call("disable-peer", "first").err()).contains("peer first is disabled already");
    assertThat(call("enable-peer", "second").err()).contains("peer second is not disabled");
    assertThat(call("enable-peer", "nobody").err()).contains("no peer nobody");
    good(call("enable-peer", FIRST.substring(0, 8)));
    assertThat(file).hasContent(TEXT);
  }

  @Test
  void shouldKeepWhatADisabledPeerHas() throws IOException {
    good(call("disable-peer", "first"));
    Path client = directory.resolve("c.conf");
    assertThat(call("add-peer", "-n", "first", "-o", client.toString()).err())
        .contains("already a peer called first");
    assertThat(call("add-peer", "--address", "10.9.0.2", "-o", client.toString()).err())
        .contains("10.9.0.2/32 is allowed to a peer already: first");
    assertThat(call("add-peer", "--public-key", FIRST, "-o", client.toString()).err())
        .contains("already a peer with the key " + FIRST);
    good(call("add-peer", "-o", client.toString()));
    assertThat(last().allowedIps()).hasToString("[10.9.0.4/32]");
    assertThat(last().label()).isEqualTo("peer-3");
    good(call("remove-peer", "first"));
    assertThat(read().barred()).isEmpty();
    assertThat(Files.readString(file)).doesNotContain("disabled");
  }

  @Test
  void shouldNotEnableWhoseAddressSomebodyElseHasGot() throws IOException {
    good(call("disable-peer", "first"));
    String text = Files.readString(file);
    Files.writeString(file, text.replace("10.9.0.3/32", "10.9.0.2/32, 10.9.0.3/32"));
    // The disabled peer's own line has the same words, and is not the one that was meant.
    CommandLineRun run = call("enable-peer", "first");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("10.9.0.2/32 is allowed to a peer already: second");
  }

  @Test
  void shouldTellTheNodeAndPutTheFileBackIfItRefuses() throws IOException {
    List<String> asked = new ArrayList<>();
    try (var node = ClientNode.start(sockets, "wg0", node(asked, null))) {
      good(node.call("disable-peer", "wg0", "first"));
      good(node.call("rename-peer", "wg0", "second", "box"));
      good(node.call("change-peer", "wg0", "box", "--expires", "2099-12-31"));
      good(node.call("enable-peer", "wg0", "first"));
      String first = PublicKey.fromBase64(FIRST).toHex();
      String second = PublicKey.fromBase64(SECOND).toHex();
      assertThat(asked)
          .containsExactly(
              "{peer=" + first + "}",
              "{peer=" + second + "}",
              "{peer=" + second + "}",
              "{peer=" + first + "}");
    }
    String before = Files.readString(file);
    try (var node = ClientNode.start(sockets, "wg0", node(asked, "no way"))) {
      for (String[] command :
          new String[][] {
            {"disable-peer", "wg0", "first"},
            {"rename-peer", "wg0", "first", "x"},
            {"change-peer", "wg0", "first", "--limit", "5M"},
            {"add-peer", "wg0", "--count", "3", "--out", directory.resolve("many").toString()}
          }) {
        CommandLineRun run = node.call(command);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no way; " + file + " is as it was");
        assertThat(file).hasContent(before);
      }
      assertThat(directory.resolve("many")).isEmptyDirectory();
    }
  }

  @Test
  void shouldPutItIntoForceAtANodeThatReadsNoFiles() throws IOException {
    try (var node =
        ClientNode.start(
            sockets,
            "wg0",
            Map.of("status", (arguments, out) -> out.line("file", file.toString())))) {
      PublicKey first = PublicKey.fromBase64(FIRST);
      good(
          node.call(
              "change-peer", "wg0", "first", "--endpoint", "192.0.2.7:9", "--keepalive", "7"));
      assertThat(node.device.snapshots(List.of(first)).getFirst().endpoint())
          .hasToString("192.0.2.7:9");
      assertThat(node.device.snapshots(List.of(first)).getFirst().keepaliveSeconds()).isEqualTo(7);
      good(node.call("disable-peer", "wg0", "first"));
      assertThat(node.device.peerKeys()).isEmpty();
      good(node.call("rename-peer", "wg0", "first", "x"));
      assertThat(node.device.peerKeys()).isEmpty();
      good(node.call("enable-peer", "wg0", "x"));
      assertThat(node.device.peerKeys()).containsExactly(first);
      assertThat(node.device.label(first)).isEqualTo("x");
    }
  }

  @Test
  void shouldChangeSettings() throws IOException {
    Path shared = Files.writeString(directory.resolve("psk"), SERVER_KEY.toBase64() + "\n");
    CommandLineRun run =
        call("change-peer", "first", "--site", "10.40.0.0/16", "--psk", shared.toString());
    good(run);
    assertThat(run.err()).contains("others than its owner may read " + shared);
    PeerSettings first = read().peers().getFirst();
    assertThat(first.allowedIps()).hasToString("[10.9.0.2/32, 10.40.0.0/16]");
    assertThat(first.presharedKey().toBase64()).isEqualTo(SERVER_KEY.toBase64());
    good(call("change-peer", "first", "--no-psk", "--allowed-ips", "10.9.0.2/32"));
    assertThat(file).hasContent(TEXT);
    good(call("change-peer", "first", "--expires", "2099-12-31T10:00:00+01:00", "--limit", "5M"));
    assertThat(Files.readString(file))
        .contains("# Limit = 5M\n")
        .contains("# Expires = 2099-12-31T09:00:00Z\n");
    assertThat(call("list-peers").out()).contains("expires 2099-12-31T09:00:00Z");
    good(call("change-peer", "first", "--expires", "never", "--limit", "off"));
    assertThat(file).hasContent(TEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2 | what is to change?        | change-peer first",
        "2 | --expires: 'soon' is neither | change-peer first --expires soon",
        "2 | is over already           | change-peer first --expires 2001-01-01",
        "2 | --keepalive: seconds from | change-peer first --keepalive 70000",
        "2 | --limit:                  | change-peer first --limit much",
        "2 | --allowed-ips:            | change-peer first --allowed-ips 10.0.0.0/33",
        "2 | --endpoint:               | change-peer first --endpoint nowhere",
        "2 | one of them               | change-peer first --psk f --no-psk",
        "1 | there is no file /no/psk  | change-peer first --psk /no/psk",
        "1 | is a directory            | change-peer first --psk /etc",
        "1 | does not hold a key: it has | change-peer first --psk /etc/hostname",
        "1 | is allowed to a peer already: second | change-peer first --site 10.9.0.3/32",
        "1 | already a peer called second | rename-peer first second",
        "2 | --name: 1 to 64 characters | rename-peer first BLANK",
        "2 | no public key             | add-peer --public-key abc",
        "1 | this interface's own      | add-peer --public-key SERVER",
        "2 | --qr with --public-key    | add-peer --qr --public-key SERVER",
        "2 | --out: a folder           | add-peer --count 3",
        "2 | --count: a number from 1  | add-peer --count 0 --out x",
        "2 | one of them               | add-peer --count 3 --csv y --out x",
        "2 | are for one peer          | add-peer --count 3 --site 10.1.0.0/16 --out x",
        "1 | cannot read               | add-peer --csv /no/table --out x",
      })
  void shouldRefuseWithTheReason(int status, String message, String line) throws IOException {
    String server = SERVER_KEY.publicKey(X25519Providers.fastest()).toBase64();
    List<String> words = new ArrayList<>(List.of(line.replace("SERVER", server).split(" ")));
    words.replaceAll(word -> word.equals("BLANK") ? " " : word);
    String command = words.removeFirst();
    CommandLineRun run = call(command, words.toArray(String[]::new));
    assertThat(run.err()).contains(message).startsWith("wg-netty: ");
    assertThat(run.exitCode()).as(run.err()).isEqualTo(status);
    assertThat(file).hasContent(TEXT);
  }

  @Test
  void shouldTakeAKeyThatTheClientHasMade() throws IOException {
    PrivateKey theirs = PrivateKey.generate(new SecureRandom());
    PublicKey key = theirs.publicKey(X25519Providers.fastest());
    Path client = directory.resolve("c.conf");
    CommandLineRun run =
        call("add-peer", "--public-key", key.toBase64(), "--no-psk", "-o", client.toString());
    good(run);
    assertThat(run.err()).doesNotContain("private key");
    assertThat(last().publicKey()).isEqualTo(key);
    assertThat(last().presharedKey().isNone()).isTrue();
    assertThat(configuration(client).settings().privateKey()).isNull();
    assertThat(Files.readString(client))
        .startsWith("[Interface]\n# Write here: PrivateKey = the private key of " + key.toBase64())
        .doesNotContain(theirs.toBase64());
  }

  @Test
  void shouldAddWithAnEndAndALimit() throws IOException {
    Path client = directory.resolve("c.conf");
    Path shared = directory.resolve("psk");
    Files.writeString(shared, PresharedKey.generate(new SecureRandom()).toBase64());
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rw-------"));
    CommandLineRun run =
        call(
            "add-peer",
            "--expires",
            "2099-01-02",
            "--limit",
            "9M",
            "--quota",
            "50GB a month then 1M",
            "--group",
            "sales",
            "--psk",
            shared.toString(),
            "-o",
            client.toString());
    good(run);
    assertThat(run.err()).doesNotContain("may read");
    assertThat(PeerFields.expiry(last().notAfter())).isEqualTo("2099-01-02");
    assertThat(last().limit()).hasToString("9M");
    assertThat(last().limit().quota()).hasToString("50GB a month, then 1M");
    assertThat(last().limit().group()).isEqualTo("sales");
    assertThat(last().presharedKeyFile()).isEqualTo(shared.toString());
    assertThat(Files.readString(file)).doesNotContain(Files.readString(shared));
    assertThat(configuration(client).peers().getFirst().presharedKey().toBase64())
        .isEqualTo(Files.readString(shared));
  }

  @Test
  void shouldAddManyWithOneChange() throws IOException {
    List<String> asked = new ArrayList<>();
    Path zip = directory.resolve("phones.zip");
    int count = 2000;
    try (var node = ClientNode.start(sockets, "wg0", node(asked, null))) {
      CommandLineRun run =
          node.call(
              "add-peer",
              "wg0",
              "--count",
              String.valueOf(count),
              "-n",
              "phone",
              "--expires",
              "2099-01-02",
              "--out",
              zip.toString());
      good(run);
      assertThat(run.err()).containsPattern("wg0: added 2000 peers in \\d+\\.\\d\\d s");
    }
    List<PeerSettings> added = read().peers().subList(2, 2 + count);
    assertThat(asked).hasSize(1);
    assertThat(asked.getFirst())
        .contains("first=" + added.getFirst().publicKey().toHex())
        .contains("last=" + last().publicKey().toHex());
    assertThat(added.getFirst().label()).isEqualTo("phone-1");
    assertThat(last().label()).isEqualTo("phone-2000");
    assertThat(added.stream().flatMap(peer -> peer.allowedIps().stream()))
        .hasSize(count)
        .doesNotHaveDuplicates();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(zip)))
        .isEqualTo("rw-------");
    try (var opened = new ZipFile(zip.toFile())) {
      assertThat(opened.size()).isEqualTo(count);
      var entry = opened.getEntry("wg0-phone-7.conf");
      byte[] text = opened.getInputStream(entry).readAllBytes();
      Configuration theirs = ConfigurationReader.read(text).configuration();
      PrivateKey key = theirs == null ? null : theirs.settings().privateKey();
      assertThat(key == null ? null : key.publicKey(X25519Providers.fastest()))
          .isEqualTo(added.get(6).publicKey());
    }
    String before = Files.readString(file);
    assertThat(call("add-peer", "--count", "2", "--out", zip.toString()).err())
        .contains("is already there");
    assertThat(file).hasContent(before);
  }

  @Test
  void shouldAddThoseOfATable() throws IOException {
    Path table = directory.resolve("people.csv");
    Files.writeString(
        table,
        """
        Name,address,site,expires,public_key,limit
        "Ada, at home",10.9.1.1,,2099-01-01,,
        office,,"10.50.0.0/16, 10.51.0.0/16",,%s,20M

        "the ""other\""",,,,,
        """
            .formatted(PublicKey.fromHex("cc".repeat(32)).toBase64()));
    Path out = directory.resolve("people");
    good(call("add-peer", "--csv", table.toString(), "--out", out.toString(), "--dns", "10.9.0.1"));
    List<PeerSettings> added = read().peers().subList(2, 5);
    assertThat(added)
        .map(PeerSettings::label)
        .containsExactly("Ada, at home", "office", "the \"other\"");
    assertThat(added.get(0).allowedIps()).hasToString("[10.9.1.1/32]");
    assertThat(added.get(1).allowedIps()).hasToString("[10.9.0.4/32, 10.50.0.0/16, 10.51.0.0/16]");
    assertThat(added.get(1).publicKey()).isEqualTo(PublicKey.fromHex("cc".repeat(32)));
    assertThat(added.get(1).limit()).hasToString("20M");
    assertThat(PeerFields.expiry(added.get(0).notAfter())).isEqualTo("2099-01-01");
    assertThat(configuration(out.resolve("wg0-Ada--at-home.conf")).settings().dnsServers())
        .containsExactly("10.9.0.1");
    try (Stream<Path> files = Files.list(out)) {
      assertThat(files).hasSize(3);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
        .isEqualTo("rwx------");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "is empty                                      | ''",
        "has no peers                                  | 'name\\n'",
        "t.csv:1: there is no column 'nick'            | 'name,nick\\nx,y\\n'",
        "t.csv:1: the column name is there twice       | 'name,name\\nx,y\\n'",
        "t.csv:3: 1 values for 2 columns               | 'name,address\\na,10.9.3.1\\nb\\n'",
        "t.csv:2: expires: 'soon' is neither           | 'name,expires\\nx,soon\\n'",
        "t.csv:2: public_key: is no public key         | 'public_key\\nabc\\n'",
        "t.csv:2: preshared_key: is no key             | 'preshared_key\\nabc\\n'",
        "t.csv:2: keepalive: is no number              | 'keepalive\\nabc\\n'",
        "t.csv:2: a quotation mark is not closed       | 'name\\n\"abc\\n'",
        "already a peer called first                   | 'name\\nfirst\\n'",
        "a: 10.9.0.2/32 is allowed to a peer already: first | 'name,address\\nb,\\na,10.9.0.2\\n'",
        "b: 10.9.3.1/32 is allowed to a peer already: a | 'name,address\\na,10.9.3.1\\nb,10.9.3.1\\n'",
      })
  void shouldAddNobodyOfATableWithAFault(String message, String text) throws IOException {
    Path table = directory.resolve("t.csv");
    Files.writeString(table, text.replace("\\n", "\n"));
    Path out = directory.resolve("out");
    CommandLineRun run = call("add-peer", "--csv", table.toString(), "--out", out.toString());
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(message);
    assertThat(file).hasContent(TEXT);
    assertThat(out).doesNotExist();
  }
}
