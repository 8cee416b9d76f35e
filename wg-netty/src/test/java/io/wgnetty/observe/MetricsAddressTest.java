package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsAddressTest {
  @ParameterizedTest
  @CsvSource({
    "9586, 127.0.0.1, 9586",
    ":9586, 127.0.0.1, 9586",
    "0, 127.0.0.1, 0",
    "localhost:9586, 127.0.0.1, 9586",
    "0.0.0.0:9586, 0.0.0.0, 9586",
    "192.0.2.7:65535, 192.0.2.7, 65535",
    "[::]:9586, 0:0:0:0:0:0:0:0, 9586",
    "[::1]:1, 0:0:0:0:0:0:0:1, 1"
  })
  void shouldReadWhatAnOperatorWrites(String text, String host, int port) {
    InetSocketAddress address = MetricsAddress.parse(text);

    assertThat(address.isUnresolved()).isFalse();
    assertThat(address.getAddress().getHostAddress()).isEqualTo(host);
    assertThat(address.getPort()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "x",
        "65536",
        "-1",
        "+1",
        "123456",
        "99999999999",
        "1.2.3:9586",
        "256.0.0.1:9586",
        "::1:9586",
        "::",
        "[::1]",
        "[::1]9586",
        "[]:9586",
        "node.example:9586",
        "127.0.0.1:",
        " 9586",
        "127.0.0.1 :9586",
        "９５８６"
      })
  void shouldRefuseAndSayWhatWouldBeRight(String text) {
    assertThatThrownBy(() -> MetricsAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining("[::1]:9586");
  }
}
