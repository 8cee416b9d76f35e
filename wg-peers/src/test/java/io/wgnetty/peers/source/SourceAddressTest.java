package io.wgnetty.peers.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --peers} takes. */
class SourceAddressTest {
  @Test
  void shouldKnowEachKind() {
    assertThat(SourceAddress.parse("dir:/etc/wg0.d").folder()).isEqualTo(Path.of("/etc/wg0.d"));
    SourceAddress etcd = SourceAddress.parse("etcds://a,b:1234,[::1]:2379/wg/0");
    assertThat(etcd.servers())
        .containsExactly(
            URI.create("https://a:2379"),
            URI.create("https://b:1234"),
            URI.create("https://[::1]:2379"));
    assertThat(etcd.rest()).isEqualTo("/wg/0/");
    assertThat(SourceAddress.parse("https://h/p/{key}.json").urlOf("abc"))
        .isEqualTo(URI.create("https://h/p/abc.json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "wg0",
        "ftp://h/{key}",
        "etcd://host:2379",
        "etcd://host:2379/",
        "etcd:/x/y",
        "etcd://user@host/x",
        "etcd://a,,b/x",
        "http://h/p",
        "http://u:p@h/{key}",
        "etcd://h:x y/p"
      })
  void shouldRefuseWhatIsNone(String text) {
    assertThatThrownBy(() -> SourceAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
