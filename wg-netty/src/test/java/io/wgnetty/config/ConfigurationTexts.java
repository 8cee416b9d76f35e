package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces of files, and what reading them gives. */
final class ConfigurationTexts {
  // RFC 7748 section 6.1
  static final String PRIVATE = "dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo=";
  static final String OWN_PUBLIC = "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=";

  static final String PEER_A = "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=";
  static final String PEER_B = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";
  static final String PSK = "MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";

  /** An interface about which there is nothing to warn of. */
  static final String INTERFACE = "[Interface]\nPrivateKey=" + PRIVATE + "\nAddress=192.0.2.1/24\n";

  private ConfigurationTexts() {}

  static ConfigurationResult read(String text) {
    return ConfigurationReader.read(text.getBytes(UTF_8));
  }

  /** What a text without errors says. */
  static Configuration accepted(String text) {
    ConfigurationResult result = read(text);
    assertThat(result.findings()).noneMatch(f -> f.severity() == Finding.Severity.ERROR);
    return given(result);
  }

  static InterfaceSettings settings(String lines) {
    return accepted("[Interface]\n" + lines).settings();
  }

  static PeerSettings peer(String lines) {
    return accepted(INTERFACE + "[Peer]\nPublicKey=" + PEER_A + "\n" + lines).peers().getFirst();
  }

  /** Everything there is to say about a text: {@code LINE:COLUMN severity KEY: MESSAGE}. */
  static List<String> findings(String text) {
    return read(text).findings().stream().map(ConfigurationTexts::line).toList();
  }

  static String line(Finding f) {
    return f.line() + ":" + f.column() + " " + f.severity() + " " + f.key() + ": " + f.message();
  }

  static Configuration given(ConfigurationResult result) {
    @Nullable Configuration configuration = result.configuration();
    assertThat(configuration).isNotNull();
    if (configuration == null) {
      throw new AssertionError();
    }
    return configuration;
  }

  static PublicKey key(String base64) {
    return PublicKey.fromBase64(base64);
  }

  static boolean isPrivate(@Nullable PrivateKey key) {
    return PrivateKey.fromBase64(PRIVATE).sameAs(key);
  }
}
