package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.PRIVATE;
import static io.wgnetty.config.ConfigurationTexts.PSK;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that a file names and does not hold. */
class SecretPlacesTest {
  private static final String PEER =
      "[Peer]\nPublicKey = " + PEER_A + "\nAllowedIPs = 10.0.0.2/32\n";

  @TempDir private Path folder;
  private Path privateKey = Path.of("/");
  private Path presharedKey = Path.of("/");

  @BeforeEach
  void writeKeys() throws IOException {
    privateKey = secret("own.key", PRIVATE + "\n");
    presharedKey = secret("psk", " " + PSK);
  }

  private Path secret(String name, String text) throws IOException {
    Path file = Files.writeString(folder.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    return file;
  }

  private ConfigurationResult read(SecretPlaces.Use use, String text, String... credentials) {
    Map<String, String> environment =
        credentials.length == 0 ? Map.of() : Map.of("CREDENTIALS_DIRECTORY", credentials[0]);
    return ConfigurationReader.read(
        text.getBytes(UTF_8), new SystemNames(folder, new SecretPlaces(use, environment)));
  }

  private static String own(Object where) {
    return "[Interface]\n# PrivateKeyFile = " + where + "\nAddress = 10.0.0.1/24\n";
  }

  private String both() {
    return own(privateKey) + "\n" + PEER + "# PresharedKeyFile = " + presharedKey + "\n";
  }

  private List<String> findings(String text, String... credentials) {
    return read(SecretPlaces.Use.NEEDED, text, credentials).findings().stream()
        .map(ConfigurationTexts::line)
        .toList();
  }

  @Test
  void shouldReadKeysFromWhereTheFileSays() {
    ConfigurationResult result = read(SecretPlaces.Use.NEEDED, both());
    assertThat(result.findings()).isEmpty();
    Configuration read = ConfigurationTexts.given(result);
    assertThat(ConfigurationTexts.isPrivate(read.settings().privateKey())).isTrue();
    PeerSettings peer = read.peers().getFirst();
    assertThat(peer.presharedKey().sameAs(PresharedKey.fromBase64(PSK))).isTrue();
    assertThat(peer.presharedKeyFile()).isEqualTo(presharedKey.toString());
  }

  @Test
  void shouldReadCredentialsOfAService() {
    String text = own("credential:own.key");
    Configuration read =
        ConfigurationTexts.given(read(SecretPlaces.Use.NEEDED, text, folder.toString()));
    assertThat(ConfigurationTexts.isPrivate(read.settings().privateKey())).isTrue();
    assertThat(findings(text))
        .hasSize(1)
        .first()
        .asString()
        .contains("2:1 ERROR PrivateKeyFile", "LoadCredential=own.key:PATH");
    assertThat(read(SecretPlaces.Use.CHECKED, text).findings())
        .singleElement()
        .extracting(Finding::severity)
        .isEqualTo(Finding.Severity.WARNING);
    assertThat(findings(own("credential:../x"), folder.toString()).getFirst())
        .contains("ERROR", "'../x' is no credential's name");
    assertThat(findings(own("credential:none"), folder.toString()).getFirst())
        .contains("ERROR", "there is no file " + folder.resolve("none"));
  }

  @Test
  void shouldSayWhatIsWrongAndNothingOfTheKey() throws IOException {
    Path half = secret("half", PRIVATE.substring(0, 43));
    Path other = secret("other", PRIVATE.substring(0, 43) + "!");
    Path large = secret("large", PRIVATE + " ".repeat(300));
    Path empty = secret("empty", "");
    assertThat(findings(own(half)).getFirst()).contains("2:1 ERROR", "it has 43 characters");
    assertThat(findings(own(other)).getFirst()).contains("ERROR", "not base64");
    assertThat(findings(own(large)).getFirst()).contains("ERROR", "too large for a key");
    assertThat(findings(own(empty)).getFirst()).contains("ERROR", "it has 0 characters");
    assertThat(findings(own(folder)).getFirst()).contains("ERROR", folder + " is a directory");
    assertThat(findings(own("/dev/null")).getFirst()).contains("ERROR", "is no regular file");
    assertThat(findings(own(folder.resolve("gone"))).getFirst())
        .contains("ERROR", "there is no file");
    assertThat(findings(own("secrets/own.key")).getFirst()).contains("ERROR", "absolute path");
    for (Path each : List.of(half, other, large)) {
      assertThat(findings(own(each)).toString()).doesNotContain(PRIVATE.substring(0, 20));
    }
    assertThat(findings(own(privateKey) + PEER + "# PresharedKeyFile = /gone\n").getFirst())
        .contains("7:1 ERROR PresharedKeyFile: there is no file /gone");
  }

  @Test
  void shouldWarnIfOthersMayRead() throws IOException {
    for (String open : List.of("rw-r-----", "rw----r--")) {
      Files.setPosixFilePermissions(privateKey, PosixFilePermissions.fromString(open));
      assertThat(findings(own(privateKey)))
          .singleElement()
          .asString()
          .contains("2:1 WARNING PrivateKeyFile: others than its owner may read", "chmod 400");
    }
  }

  @Test
  void shouldRefuseTwoKeysOfOne() {
    assertThat(findings(own(privateKey) + "PrivateKey = " + PRIVATE + "\n"))
        .anyMatch(line -> line.contains("ERROR PrivateKeyFile") && line.contains("one of them"));
    String file = "# PresharedKeyFile = " + presharedKey + "\n";
    for (String lines :
        List.of(file + "PresharedKey = " + PSK + "\n", "PresharedKey = " + PSK + "\n" + file)) {
      assertThat(findings(own(privateKey) + PEER + lines))
          .anyMatch(line -> line.contains("ERROR") && line.contains("one of them"));
    }
  }

  @Test
  void shouldLetThoseWhoNeedNoKeysReadOn() {
    String text = own("/gone") + PEER + "# PresharedKeyFile = credential:x\n";
    for (SecretPlaces.Use use :
        List.of(SecretPlaces.Use.IF_POSSIBLE, SecretPlaces.Use.NOT_LOOKED_AT)) {
      Configuration read = ConfigurationTexts.given(read(use, text));
      assertThat(read.settings().privateKey()).isNull();
      assertThat(read.peers().getFirst().presharedKey().isNone()).isTrue();
      assertThat(read(use, text).findings()).isEmpty();
    }
    // What somebody has commented out twice means nothing.
    assertThat(findings("[Interface]\n## PrivateKeyFile = /gone\nAddress = 10.0.0.1/24\n"))
        .noneMatch(line -> line.contains("ERROR"));
  }

  @Test
  void shouldNeverWriteAKeyThatIsElsewhere() {
    Configuration before = ConfigurationTexts.given(read(SecretPlaces.Use.NEEDED, both()));
    PeerSettings peer = before.peers().getFirst();
    InterfaceSettings settings = before.settings();
    PresharedKey changed = PresharedKey.fromBase64(PRIVATE);
    var running =
        new Configuration(
            new InterfaceSettings(
                PrivateKey.fromBase64(PSK),
                4711,
                0,
                settings.addresses(),
                null,
                List.of(),
                List.of(),
                settings.table(),
                settings.hooks(),
                false),
            List.of(
                new PeerSettings(
                    peer.publicKey(),
                    changed,
                    peer.allowedIps(),
                    null,
                    9,
                    null,
                    peer.limit(),
                    peer.notAfter(),
                    peer.presharedKeyFile())),
            before.comments(),
            List.of());
    String saved =
        new String(RunningState.into(both().getBytes(UTF_8), before, running, Set.of()), UTF_8);
    assertThat(saved)
        .isEqualTo(
            both()
                .replace("/24\n", "/24\nListenPort = 4711\n")
                .replace("10.0.0.2/32\n", "10.0.0.2/32\nPersistentKeepalive = 9\n"));
    String rescued = ConfigurationText.render(running);
    assertThat(rescued)
        .contains("# PrivateKeyFile = " + privateKey, "# PresharedKeyFile = " + presharedKey)
        .doesNotContain("PrivateKey = ", "PresharedKey = ");
  }
}
