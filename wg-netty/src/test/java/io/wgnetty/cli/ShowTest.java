package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ShowTest {
  private static final String SECRET =
      "e84b5a6d2717c1003a13b431570353dbaca9146cf150c5f8575680feba52027a";

  private static final PublicKey LAPTOP = PublicKey.fromHex("aa".repeat(32));
  private static final PublicKey PHONE = PublicKey.fromHex("bb".repeat(32));

  @TempDir private Path directory;

  private ClientNode node() throws IOException {
    ClientNode node = ClientNode.start(directory, "wg0", Map.of());
    node.device.setPrivateKey(PrivateKey.fromHex(SECRET));
    node.device.setListenPort(51820);
    node.device.setFwmark(0xca6c);
    node.device.apply(
        List.of(
            peer(PHONE, PresharedKey.none(), null, 0),
            peer(LAPTOP, PresharedKey.fromHex(SECRET), Endpoint.ipv4(0xc0000201, 1234), 25)));
    long now = System.currentTimeMillis() / 1000;
    node.device.traffic(LAPTOP, (now - 3700) * 1_000_000_000, 2048, 5);
    node.device.setLabel(LAPTOP, "Ümit's \"laptop\"");
    return node;
  }

  private static PeerChange peer(
      PublicKey key, PresharedKey shared, @Nullable Endpoint endpoint, int keepaliveSeconds) {
    var prefix = IpPrefix.parse(keepaliveSeconds == 0 ? "fd00::2/128" : "10.0.0.2/32");
    return new PeerChange(
        key,
        false,
        false,
        shared,
        endpoint,
        keepaliveSeconds,
        true,
        List.of(new PeerChange.AllowedIp(prefix, false)));
  }

  @Test
  void shouldPrintWhatWgPrintsAndMore() throws IOException {
    try (var node = node()) {
      CommandLineRun run = node.call("show", "wg0");
      assertThat(run.err()).isEmpty();
      assertThat(run.exitCode()).isZero();
      assertThat(run.out())
          .startsWith("interface: wg0\n  public key: ")
          .contains("\n  private key: (hidden)\n  listening port: 51820\n  fwmark: 0xca6c\n")
          .contains("\n\npeer: " + LAPTOP.toBase64() + "\n  name: Ümit's \"laptop\"\n")
          .contains("  preshared key: (hidden)\n  endpoint: 192.0.2.1:1234\n")
          .contains("  allowed ips: 10.0.0.2/32\n  latest handshake: 1 hour, 1 minute, 4")
          .contains("  transfer: 2.00 KiB received, 5 B sent\n")
          .contains("  persistent keepalive: every 25 seconds\n  session: none\n")
          .doesNotContain("\033");
      assertThat(run.out().indexOf(LAPTOP.toBase64()))
          .as("the latest handshake first")
          .isLessThan(run.out().indexOf(PHONE.toBase64()));
    }
  }

  @Test
  void shouldSayThatNothingIsReceived() throws IOException {
    try (var node = node()) {
      node.device.notListening = "address in use";
      assertThat(node.call("show", "wg0").out())
          .contains("\n  listening port: 51820 (not listening: address in use)\n");
      assertThat(node.call("show", "--json").out())
          .contains("\"not_listening\": \"address in use\"");
      node.device.notListening = null;
      assertThat(node.call("show", "wg0").out()).doesNotContain("not listening");
    }
  }

  @Test
  void shouldObeyTheVariablesOfWg() throws IOException {
    try (var node = node()) {
      String coloured = ClientNode.call(directory, Map.of("WG_COLOR_MODE", "always"), "show").out();
      assertThat(coloured).contains("\033[32m", "\033[33m");
      String open = node.callWith(Map.of("WG_HIDE_KEYS", "never"), "show", "wg0").out();
      assertThat(open)
          .contains("private key: " + PrivateKey.fromHex(SECRET).toBase64())
          .contains("preshared key: " + PresharedKey.fromHex(SECRET).toBase64());
      assertThat(node.call("show", "interfaces").out()).isEqualTo("wg0\n");
    }
  }

  @Test
  void shouldWriteJsonWithoutSecrets() throws IOException {
    try (var node = node()) {
      String text = node.callWith(Map.of("WG_HIDE_KEYS", "never"), "show", "--json").out();
      assertThat(text)
          .doesNotContain(
              PrivateKey.fromHex(SECRET).toBase64(),
              PresharedKey.fromHex(SECRET).toBase64(),
              SECRET);
      JsonObject wg0 =
          JsonParser.parseString(text)
              .getAsJsonObject()
              .getAsJsonArray("interfaces")
              .get(0)
              .getAsJsonObject();
      assertThat(wg0.get("name").getAsString()).isEqualTo("wg0");
      assertThat(wg0.get("listen_port").getAsInt()).isEqualTo(51820);
      JsonObject laptop = peer(wg0, LAPTOP);
      assertThat(laptop.get("name").getAsString()).isEqualTo("Ümit's \"laptop\"");
      assertThat(laptop.get("has_preshared_key").getAsBoolean()).isTrue();
      assertThat(laptop.get("received_bytes").getAsLong()).isEqualTo(2048);
      assertThat(laptop.getAsJsonObject("handshake").get("state").getAsString()).isEqualTo("none");
      JsonObject phone = peer(wg0, PHONE);
      assertThat(phone.get("endpoint").isJsonNull()).isTrue();
      assertThat(phone.get("latest_handshake_epoch_seconds").isJsonNull()).isTrue();
    }
  }

  private static JsonObject peer(JsonObject node, PublicKey key) {
    for (JsonElement peer : node.getAsJsonArray("peers")) {
      if (peer.getAsJsonObject().get("public_key").getAsString().equals(key.toBase64())) {
        return peer.getAsJsonObject();
      }
    }
    throw new AssertionError("no such peer: " + key);
  }

  @Test
  void shouldSayWhichInterfacesThereAre() throws IOException {
    try (var node = node()) {
      CommandLineRun run = node.call("show", "wg7");
      assertThat(run.exitCode()).isEqualTo(3);
      assertThat(run.err()).isEqualTo("wg-netty: no such interface: wg7; running: wg0\n");
      assertThat(node.call("show", "../x").err()).contains("not an interface name");
      assertThat(node.call("show", "lo").err()).contains("no userspace WireGuard serves it");
    }
    CommandLineRun none = ClientNode.call(directory, Map.of(), "show", "wg7");
    assertThat(none.err()).isEqualTo("wg-netty: no such interface: wg7; none is running\n");
    assertThat(ClientNode.call(directory, Map.of(), "show").out()).isEmpty();
  }

  @Test
  void shouldSayThatSocketIsLeftOver() throws IOException {
    try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(directory.resolve("wg5.sock")));
    }
    CommandLineRun run = ClientNode.call(directory, Map.of(), "show", "wg5");
    assertThat(run.err()).contains("wg5 is not running", "left over");
    assertThat(ClientNode.call(directory, Map.of(), "show", "all").exitCode()).isZero();
  }

  /** As wireguard-go does: answers get and set, and closes when it is asked for anything else. */
  private static void serveAsOthersDo(ServerSocketChannel listening) {
    try {
      while (true) {
        try (SocketChannel client = listening.accept()) {
          ByteBuffer request = ByteBuffer.allocate(1000);
          client.read(request);
          if (new String(request.array(), US_ASCII).startsWith("get=1")) {
            String answer =
                "private_key=%s\nlisten_port=7\npublic_key=%s\npreshared_key=%s\nrx_bytes=1\ntx_bytes=1\nerrno=0\n\n"
                    .formatted(SECRET, PHONE.toHex(), "0".repeat(64));
            client.write(ByteBuffer.wrap(answer.getBytes(US_ASCII)));
          }
        }
      }
    } catch (IOException e) {
      return; // the test has ended
    }
  }

  @Test
  void shouldShowOtherImplementationsAndSayWhatTheyCannot() throws Exception {
    Thread server = null;
    try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listening.bind(UnixDomainSocketAddress.of(directory.resolve("wg1.sock")));
      server = new Thread(() -> serveAsOthersDo(listening), "other");
      server.start();
      CommandLineRun shown = ClientNode.call(directory, Map.of(), "show", "wg1");
      assertThat(shown.err()).isEmpty();
      assertThat(shown.out())
          .contains("listening port: 7\n", "peer: " + PHONE.toBase64())
          .doesNotContain("session", "preshared");
      for (String[] command :
          new String[][] {
            {"top", "wg1"}, {"reload", "wg1"}, {"down", "wg1"}, {"log", "wg1", "info"}
          }) {
        CommandLineRun run = ClientNode.call(directory, Map.of(), command);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
            .contains("another implementation", "cannot do '" + command[0] + "'", "show");
      }
    } finally {
      if (server != null) {
        server.join();
      }
    }
  }

  @Test
  void shouldChangeTheLogOfTheNode() throws IOException {
    try (var node = node()) {
      assertThat(node.call("log", "wg0", "loud").err()).contains("verbose, debug, info");
      CommandLineRun run = node.call("reload", "wg0");
      assertThat(run.err()).isEqualTo("wg-netty: wg0: this node knows no such request\n");
    }
  }

  @Test
  void shouldPrintOneTableOfTopWithoutTerminal() throws IOException {
    try (var node = node()) {
      CommandLineRun run = node.call("top", "--interval", "0.5", "--sort", "total");
      assertThat(run.err()).isEmpty();
      assertThat(run.out())
          .startsWith("wg0   peers 2, with session 0   rows 1-2   sorted by total\n")
          .contains("Ümit's \"laptop\"  192.0.2.1:1234 ", "2.05 KB");
      JsonObject top =
          JsonParser.parseString(node.call("top", "--once", "--json", "-i", "0.5").out())
              .getAsJsonObject();
      assertThat(top.get("name").getAsString()).isEqualTo("wg0");
      assertThat(top.get("peers_configured").getAsInt()).isEqualTo(2);
      assertThat(top.getAsJsonArray("peers")).hasSize(2);
      JsonObject first = top.getAsJsonArray("peers").get(0).getAsJsonObject();
      assertThat(first.get("name").getAsString()).isEqualTo("Ümit's \"laptop\"");
      assertThat(first.get("received_bytes").getAsLong()).isEqualTo(2048);
      assertThat(first.get("sent_bytes_per_second").getAsLong()).isZero();
      assertThat(node.call("top", "--sort", "x").err()).contains("rate, rx, tx, total, handshake");
      assertThat(node.call("top", "--interval", "0").err()).contains("0.5 to 30");
    }
  }

  @Test
  void shouldShowOnePeer() throws IOException {
    try (var node = node()) {
      assertThat(node.call("show", "wg0", "--peer", "Ümit's \"laptop\"").out())
          .contains(LAPTOP.toBase64())
          .doesNotContain(PHONE.toBase64());
      assertThat(node.call("show", "--peer", PHONE.toBase64().substring(0, 8), "--json").out())
          .contains(PHONE.toBase64())
          .doesNotContain(LAPTOP.toBase64());
      CommandLineRun none = node.call("show", "wg0", "--peer", "nobody");
      assertThat(none.exitCode()).isEqualTo(1);
      assertThat(none.err()).contains("wg0 has no peer nobody");
    }
  }

  @Test
  void shouldPrintFieldsAsWgDoes() throws IOException {
    try (var node = node()) {
      String laptop = LAPTOP.toBase64() + "\t";
      String phone = PHONE.toBase64() + "\t";
      assertThat(node.call("show", "wg0", "listen-port").out()).isEqualTo("51820\n");
      assertThat(node.call("show", "wg0", "fwmark").out()).isEqualTo("0xca6c\n");
      assertThat(node.call("show", "wg0", "endpoints").out())
          .isEqualTo(phone + "(none)\n" + laptop + "192.0.2.1:1234\n");
      assertThat(node.call("show", "wg0", "persistent-keepalive").out())
          .isEqualTo(phone + "off\n" + laptop + "25\n");
      assertThat(node.call("show", "wg0", "transfer").out())
          .isEqualTo(phone + "0\t0\n" + laptop + "2048\t5\n");
      assertThat(node.call("show", "all", "peers").out())
          .isEqualTo("wg0\t" + phone.strip() + "\nwg0\t" + laptop.strip() + "\n");
      String dump = node.call("show", "wg0", "dump").out();
      assertThat(dump.lines().map(line -> line.split("\t", -1).length)).containsExactly(4, 8, 8);
      assertThat(dump).startsWith(PrivateKey.fromHex(SECRET).toBase64() + "\t");
      assertThat(dump).contains(laptop + PresharedKey.fromHex(SECRET).toBase64() + "\t192.0.2.1");
      CommandLineRun wrong = node.call("show", "wg0", "nonsense");
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.err()).contains("there is no field nonsense; there are public-key");
      assertThat(node.call("show", "wg0", "dump", "--json").exitCode()).isEqualTo(2);
    }
  }
}
