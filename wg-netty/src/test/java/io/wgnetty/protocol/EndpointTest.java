package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 51820, 0, 192.0.2.1:51820",
    "0.0.0.0, 0, 0, 0.0.0.0:0",
    "2001:db8::1, 51820, 0, [2001:db8::1]:51820",
    "fe80::1, 65535, 3, [fe80::1%3]:65535",
  })
  void shouldPrintAsWgDoes(String address, int port, int scopeId, String text) {
    Endpoint endpoint = Endpoint.of(IpText.parse(address), port, scopeId);
    assertThat(endpoint).hasToString(text);
    assertThat(endpoint.port()).isEqualTo(port);
    assertThat(endpoint.scopeId()).isEqualTo(scopeId);
    assertThat(endpoint.isIpv6()).isEqualTo(address.indexOf(':') >= 0);
    assertThat(endpoint.addressBytes()).isEqualTo(IpText.parse(address));
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1", "fe80::1"})
  void shouldBeEqualHoweverItWasMade(String address) {
    Endpoint configured = Endpoint.of(IpText.parse(address), 51820, 0);
    Endpoint received =
        Endpoint.of(new InetSocketAddress(configured.toSocketAddress().getAddress(), 51820));
    assertThat(received).isEqualTo(configured).hasSameHashCodeAs(configured);
    assertThat(received.toSocketAddress()).isEqualTo(configured.toSocketAddress());
  }

  @Test
  void shouldDifferInAddressPortAndScope() {
    byte[] address = IpText.parse("fe80::1");
    Endpoint endpoint = Endpoint.of(address, 51820, 1);
    assertThat(endpoint)
        .isNotEqualTo(Endpoint.of(address, 51821, 1))
        .isNotEqualTo(Endpoint.of(address, 51820, 2))
        .isNotEqualTo(Endpoint.of(IpText.parse("fe80::2"), 51820, 1))
        .isNotEqualTo(Endpoint.of(IpText.parse("192.0.2.1"), 51820, 0));
  }

  @Test
  void shouldKeepTheScopeOfALinkLocalSource() throws Exception {
    InetSocketAddress source =
        new InetSocketAddress(Inet6Address.getByAddress(null, IpText.parse("fe80::1"), 7), 1);
    assertThat(Endpoint.of(source).scopeId()).isEqualTo(7);
    assertThat(Endpoint.of(source).toSocketAddress()).isEqualTo(source);
  }

  @Test
  void shouldDifferInTheAddressOfOursAndPrintItNowhere() {
    Endpoint plain = Endpoint.of(IpText.parse("192.0.2.1"), 51820, 0);
    LocalAddress local = new LocalAddress(0, 0xc000_0209L, 0);
    Endpoint called = plain.withLocal(local);
    assertThat(called)
        .isNotEqualTo(plain)
        .isNotEqualTo(plain.withLocal(new LocalAddress(0, 0xc000_0208L, 0)))
        .isEqualTo(plain.withLocal(new LocalAddress(0, 0xc000_0209L, 0)))
        .hasSameHashCodeAs(plain.withLocal(local))
        .hasToString(plain.toString());
    assertThat(called.local()).isEqualTo(local);
    assertThat(called.withoutLocal()).isEqualTo(plain).hasSameHashCodeAs(plain);
    assertThat(called.isSamePlace(plain)).isTrue();
    assertThat(plain.isSamePlace(called)).isTrue();
    assertThat(called.isSamePlace(Endpoint.ipv4(0xc000_0201, 51821).withLocal(local))).isFalse();
    assertThat(plain.withoutLocal()).isSameAs(plain);
    assertThat(called.withLocal(local)).isSameAs(called);
    assertThat(called.sourceBytes()).as("what cookies see").isEqualTo(plain.sourceBytes());
    assertThat(called.network()).as("what limits see").isEqualTo(plain.network());
    assertThat(called.toSocketAddress()).isEqualTo(plain.toSocketAddress());
  }

  @ParameterizedTest
  @CsvSource({"fe80::1, true", "febf:ffff::, true", "fec0::, false", "2001:db8::1, false"})
  void shouldTellLinkLocalAddresses(String address, boolean linkLocal) {
    long high = Endpoint.of(IpText.parse(address), 1, 0).addressHigh();
    assertThat(LocalAddress.isLinkLocal(high)).isEqualTo(linkLocal);
  }

  @Test
  void shouldTakeAMappedAddressForTheIpv4AddressThatItIs() {
    Endpoint mapped = Endpoint.of(IpText.parse("::ffff:192.0.2.1"), 1, 0);
    assertThat(mapped).isEqualTo(Endpoint.of(IpText.parse("192.0.2.1"), 1, 0));
    assertThat(mapped).hasToString("192.0.2.1:1");
    assertThat(mapped.isIpv6()).isFalse();
    assertThat(Endpoint.of(IpText.parse("::ffff:0:192.0.2.1"), 1, 0).isIpv6())
        .as("translated, not mapped")
        .isTrue();
  }

  @Test
  void shouldGiveTheBytesOfACookie() {
    HexFormat hex = HexFormat.of();
    assertThat(hex.formatHex(Endpoint.of(IpText.parse("192.0.2.1"), 51820, 0).sourceBytes()))
        .isEqualTo("c0000201ca6c");
    assertThat(hex.formatHex(Endpoint.of(IpText.parse("2001:db8::1"), 51820, 0).sourceBytes()))
        .isEqualTo("20010db8000000000000000000000001ca6c");
  }

  @Test
  void shouldNotChangeWithTheArraysAroundIt() {
    byte[] address = IpText.parse("192.0.2.1");
    Endpoint endpoint = Endpoint.of(address, 1, 0);
    address[3] = 9;
    endpoint.addressBytes()[3] = 9;
    assertThat(endpoint).hasToString("192.0.2.1:1");
  }

  @Test
  void shouldRefuseWhatIsNoEndpoint() {
    byte[] address = IpText.parse("192.0.2.1");
    assertThatThrownBy(() -> Endpoint.of(address, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Endpoint.of(address, 65_536, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Endpoint.of(new byte[5], 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Endpoint.of(InetSocketAddress.createUnresolved("a.example", 1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
