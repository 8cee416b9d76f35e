package io.wgnetty.config;

import static io.wgnetty.config.ConfigurationTexts.INTERFACE;
import static io.wgnetty.config.ConfigurationTexts.PEER_A;
import static io.wgnetty.config.ConfigurationTexts.accepted;
import static io.wgnetty.config.ConfigurationTexts.findings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GatewayCommentsTest {
  private static final String PEER = "[Peer]\nPublicKey=" + PEER_A + "\nAllowedIPs=192.0.2.2/32\n";

  private static GatewaySettings gateway(String lines) {
    return accepted(INTERFACE + lines + "\n" + PEER).settings().gateway();
  }

  @Test
  void shouldReadInterfacesByWhichPacketsLeave() {
    assertThat(gateway("# Masquerade = eth0"))
        .isEqualTo(new GatewaySettings(false, List.of("eth0"), false));
    assertThat(gateway("#masquerade=eth0, ppp-1 wlan0  ").outgoing())
        .containsExactly("eth0", "ppp-1", "wlan0");
    assertThat(gateway("# Masquerade = yes"))
        .isEqualTo(new GatewaySettings(true, List.of(), false));
    assertThat(gateway("# Masquerade = No")).isEqualTo(GatewaySettings.NONE);
  }

  @Test
  void shouldReadIsolation() {
    assertThat(gateway("# ISOLATE = True").isolate()).isTrue();
    assertThat(gateway("# Isolate = no\n# Masquerade = eth0").masquerades()).isTrue();
    assertThat(accepted("# Isolate = yes\n" + INTERFACE).settings().gateway().isolate()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# Masquerade all of it",
        "# Isolated = yes",
        "PreUp = true # Isolate = yes",
        "MTU = 1400 # Isolate = yes",
        "# to isolate = yes",
        "#"
      })
  void shouldLeaveOtherCommentsAlone(String line) {
    assertThat(gateway(line)).isEqualTo(GatewaySettings.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# Isolate = on | Isolate: 'on' is neither yes nor no",
        "# Isolate = | Isolate: '' is neither yes nor no",
        "# Masquerade = | Masquerade: '' is no interface's name: give that of the interface by",
        "# Masquerade = eth0,,eth1 | Masquerade: '' is no interface's name",
        "# Masquerade = 10.9.0.0/24 | Masquerade: '10.9.0.0/24' is no interface's name",
        "# Masquerade = an_interface_0123 | Masquerade: 'an_interface_0123' is no interface's name"
      })
  void shouldRefuseWrongValues(String line, String message) {
    assertThat(findings(INTERFACE + " " + line + "\n" + PEER))
        .singleElement()
        .asString()
        .startsWith("4:2 ERROR " + message);
  }

  @Test
  void shouldSayWhatStandsAtTheWrongPlaceOrTwice() {
    assertThat(findings(INTERFACE + PEER + "# Isolate = yes\n"))
        .containsExactly(
            "7:1 WARNING Isolate: means nothing in a [Peer] section; it belongs into [Interface]");
    assertThat(findings(INTERFACE + "# Isolate = yes\n# Isolate = no\n"))
        .containsExactly("5:1 WARNING Isolate: stands in line 4 already; the later one counts");
    assertThat(gateway("# Isolate = yes\n# Isolate = no").isolate()).isFalse();
  }
}
