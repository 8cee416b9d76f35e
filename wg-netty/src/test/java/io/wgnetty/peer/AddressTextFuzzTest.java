package io.wgnetty.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Addresses, prefixes and endpoints as a configuration may give them. */
class AddressTextFuzzTest {
  @FuzzTest
  void shouldReadAddressesAsThePlatformDoesOrRefuseThem(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    byte[] address;
    try {
      address = IpText.parse(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(IpText.parse(IpText.format(address))).isEqualTo(address);
    byte[] platform = InetAddress.ofLiteral(text).getAddress();
    // The platform turns v4-mapped addresses into IPv4.
    byte[] comparable =
        Arrays.copyOfRange(address, address.length - platform.length, address.length);
    assertThat(platform).isEqualTo(comparable);
  }

  @FuzzTest
  void shouldReadBackPrefixesOrRefuseThem(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    IpPrefix prefix;
    try {
      prefix = IpPrefix.parse(text);
    } catch (IllegalArgumentException e) {
      return;
    }
    assertThat(IpPrefix.parse(prefix.toString())).isEqualTo(prefix);
    assertThat(text).endsWith(Integer.toString(prefix.length()));
    assertThat(prefix.isIpv6()).isEqualTo(text.indexOf(':') >= 0);
  }

  /** Port, scope and address bytes; the address has any length. */
  @FuzzTest
  void shouldMakeEndpointsOfFourOrSixteenBytesOnly(byte[] data) {
    if (data.length < 3) {
      return;
    }
    int port = (data[0] & 0xff) << 8 | (data[1] & 0xff);
    byte[] address = Arrays.copyOfRange(data, 3, data.length);
    Endpoint endpoint;
    try {
      endpoint = Endpoint.of(address, port, data[2] & 0xff);
    } catch (IllegalArgumentException e) {
      assertThat(address.length).isNotIn(4, 16);
      return;
    }
    byte[] kept = isMapped(address) ? Arrays.copyOfRange(address, 12, 16) : address;
    assertThat(endpoint.addressBytes()).isEqualTo(kept);
    assertThat(endpoint.sourceBytes()).hasSize(kept.length + 2).endsWith(data[0], data[1]);
    assertThat(endpoint.toString()).endsWith(":" + port);
    assertThat(endpoint.toString().startsWith("[")).isEqualTo(endpoint.isIpv6());
    assertThat(Endpoint.of(endpoint.toSocketAddress()).addressBytes()).isEqualTo(kept);
  }

  /** An IPv4 address in the form of an IPv6 address. */
  private static boolean isMapped(byte[] address) {
    byte[] prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
    return address.length == 16 && Arrays.mismatch(address, prefix) == prefix.length;
  }
}
