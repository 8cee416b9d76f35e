package io.wgnetty.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

class ConfigurationReaderFuzzTest {
  /** Any bytes: read or refused; what is read is written and read again as the same. */
  @FuzzTest
  void shouldReadOrRefuseAnyBytes(byte[] text) {
    byte[] before = text.clone();
    ConfigurationResult result = ConfigurationReader.read(text);
    assertThat(text).isEqualTo(before);
    boolean hasErrors =
        result.findings().stream().anyMatch(f -> f.severity() == Finding.Severity.ERROR);
    Configuration configuration = result.configuration();
    assertThat(configuration == null).isEqualTo(hasErrors);
    if (configuration == null) {
      return;
    }
    byte[] written = ConfigurationText.bytes(configuration);
    Configuration again = ConfigurationReader.read(written).configuration();
    assertThat(again).isNotNull();
    if (again != null) {
      assertThat(ConfigurationText.bytes(again)).isEqualTo(written);
    }
  }

  /** Any bytes: a peer that is added can be removed, and leaves no trace. */
  @FuzzTest
  void shouldAddAndRemovePeerInAnyBytes(byte[] text) {
    PeerSettings peer = ConfigurationTexts.peer("AllowedIPs=10.0.0.2");
    byte[] added;
    try {
      added = ConfigurationEditor.addPeer(text, peer);
    } catch (IllegalArgumentException e) {
      return; // it is there already
    }
    assertThat(Arrays.copyOf(added, text.length)).isEqualTo(text);
    assertThat(ConfigurationEditor.removePeer(added, peer.publicKey())).isEqualTo(text);
  }
}
