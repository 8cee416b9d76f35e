package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The {@code wg} of wireguard-tools against the socket; it looks in one directory only. */
@Tag("namespace")
@Timeout(60)
class WgToolTest {
  private static final String SECRET = "6EtabScXwQA6E7QxVwNT26ypFGzxUMX4V1aA/rpSAno=";
  private static final String PUBLIC = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=";
  private static final String OTHER = "u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7u7s=";
  private static final PublicKey PEER = PublicKey.fromBase64(PUBLIC);

  @TempDir private Path temporary;

  private final String name = "wgt" + ProcessHandle.current().pid();
  private final FakeDevice device = new FakeDevice();
  private UapiServer server;

  private record Outcome(int exitCode, String output) {}

  @BeforeEach
  void open() throws IOException {
    server = UapiServer.open(UapiServer.DIRECTORY, name, device);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Outcome wg(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("wg"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("WG_HIDE_KEYS", "never");
    builder.environment().put("WG_COLOR_MODE", "never");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), output);
  }

  private void succeeds(String... arguments) throws IOException, InterruptedException {
    assertThat(wg(arguments)).isEqualTo(new Outcome(0, ""));
  }

  private String file(String content) throws IOException {
    Path file = temporary.resolve("file");
    Files.writeString(file, content);
    return file.toString();
  }

  private void configure() throws IOException, InterruptedException {
    succeeds(
        "setconf",
        name,
        file(
            """
            [Interface]
            PrivateKey = %s
            ListenPort = 51820
            FwMark = 0x10
            [Peer]
            PublicKey = %s
            PresharedKey = %s
            Endpoint = 192.0.2.1:5
            AllowedIPs = 10.0.0.0/8, 2001:db8::/32
            PersistentKeepalive = 25
            [Peer]
            PublicKey = %s
            """
                .formatted(SECRET, PUBLIC, SECRET, OTHER)));
  }

  @Test
  void shouldShowWhatWasSet() throws IOException, InterruptedException {
    configure();
    device.traffic(PEER, (System.currentTimeMillis() / 1000 - 65) * 1_000_000_000L, 1261, 2048);
    Outcome shown = wg("show", name);
    assertThat(shown.exitCode()).isZero();
    assertThat(shown.output())
        .contains(
            "interface: " + name,
            "listening port: 51820",
            "fwmark: 0x10",
            "peer: " + PUBLIC,
            "preshared key: " + SECRET,
            "endpoint: 192.0.2.1:5",
            "allowed ips: 10.0.0.0/8, 2001:db8::/32",
            "latest handshake: 1 minute, ",
            "transfer: 1.23 KiB received, 2.00 KiB sent",
            "persistent keepalive: every 25 seconds",
            "peer: " + OTHER)
        .containsOnlyOnce("preshared key");
    assertThat(wg("show", "interfaces").output()).contains(name);
  }

  @Test
  void shouldDumpAndShowConfigurationThatSetsTheSameAgain()
      throws IOException, InterruptedException {
    configure();
    String dump = wg("show", name, "dump").output();
    String configuration = wg("showconf", name).output();
    assertThat(configuration).contains("ListenPort = 51820", "AllowedIPs = 10.0.0.0/8, 2001");
    succeeds("setconf", name, file("[Interface]\n"));
    assertThat(device.peerCount()).isZero();
    assertThat(device.settings().privateKey()).isNull();
    succeeds("setconf", name, file(configuration));
    assertThat(wg("show", name, "dump").output()).isEqualTo(dump);
  }

  @Test
  void shouldAddWithAddconfAndLeaveTheRest() throws IOException, InterruptedException {
    configure();
    succeeds(
        "addconf", name, file("[Peer]\nPublicKey = " + OTHER + "\nAllowedIPs = 10.9.0.0/16\n"));
    assertThat(device.peerCount()).isEqualTo(2);
    assertThat(wg("show", name, "allowed-ips").output())
        .contains(PUBLIC + "\t10.0.0.0/8 2001:db8::/32", OTHER + "\t10.9.0.0/16");
  }

  @Test
  void shouldSynchroniseWithSyncconf() throws IOException, InterruptedException {
    configure();
    succeeds(
        "syncconf",
        name,
        file("[Interface]\nListenPort = 5\n[Peer]\nPublicKey = " + PUBLIC + "\n"));
    assertThat(device.peerKeys()).containsExactly(PEER);
    var peer = device.peer(PEER);
    assertThat(peer).isNotNull();
    assertThat(device.settings().listenPort()).isEqualTo(5);
    assertThat(wg("show", name, "allowed-ips").output()).isEqualTo(PUBLIC + "\t(none)\n");
    assertThat(wg("show", name, "endpoints").output()).isEqualTo(PUBLIC + "\t192.0.2.1:5\n");
  }

  @Test
  void shouldSetSinglePropertiesAndRemove() throws IOException, InterruptedException {
    configure();
    succeeds("set", name, "peer", PUBLIC, "persistent-keepalive", "off", "allowed-ips", "");
    assertThat(wg("show", name, "persistent-keepalive").output()).contains(PUBLIC + "\toff");
    assertThat(wg("show", name, "allowed-ips").output()).contains(PUBLIC + "\t(none)");
    succeeds("set", name, "peer", PUBLIC, "remove", "peer", OTHER, "remove");
    assertThat(device.peerCount()).isZero();
    succeeds("set", name, "private-key", "/dev/null", "fwmark", "off", "listen-port", "0");
    assertThat(wg("show", name, "dump").output()).isEqualTo("(none)\t(none)\t0\toff\n");
  }

  @Test
  void shouldMakeWgPrintTheRightMessage() throws IOException, InterruptedException {
    device.settingsRefused = 53;
    Outcome refused = wg("set", name, "listen-port", "53");
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.output()).isEqualTo("Unable to modify interface: Address already in use\n");
    device.failure = new IllegalStateException("on purpose");
    assertThat(wg("set", name, "peer", PUBLIC).output())
        .isEqualTo("Unable to modify interface: Input/output error\n");
    device.failure = null;
  }

  @Test
  void shouldTakeHundredThousandPeersFromWg() throws IOException, InterruptedException {
    StringBuilder configuration = new StringBuilder();
    for (int i = 0; i < 100_000; i++) {
      byte[] key = new byte[32];
      key[0] = (byte) i;
      key[1] = (byte) (i >> 8);
      key[2] = (byte) (i >> 16);
      key[31] = 1;
      configuration.append("[Peer]\nPublicKey=").append(PublicKey.of(key).toBase64()).append('\n');
    }
    succeeds("setconf", name, file(configuration.toString()));
    assertThat(device.peerCount()).isEqualTo(100_000);
    assertThat(wg("show", name, "peers").output().lines()).hasSize(100_000);
  }
}
