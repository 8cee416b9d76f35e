package io.wgnetty.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;

class ScopeIdTest {
  private static Endpoint endpoint(String address, int scopeId) {
    return Endpoint.of(IpText.parse(address), 7, scopeId);
  }

  @Test
  void shouldShowTheInterfaceOfALinkLocalAddressByItsName() throws Exception {
    int loopback = NetworkInterface.getByName("lo").getIndex();
    assertThat(ScopeId.named(endpoint("fe80::1", loopback))).isEqualTo("[fe80::1%lo]:7");
    assertThat(ScopeId.named(endpoint("fe80::1", 123_456))).isEqualTo("[fe80::1%123456]:7");
    assertThat(ScopeId.named(endpoint("fe80::1", 0))).isEqualTo("[fe80::1]:7");
    assertThat(ScopeId.named(endpoint("192.0.2.1", 0))).isEqualTo("192.0.2.1:7");
  }

  @Test
  void shouldTakeMappedIpv4ForIpv4() {
    assertThat(endpoint("::ffff:192.0.2.7", 0)).hasToString("192.0.2.7:7");
    assertThat(endpoint("::ffff:192.0.2.7", 0)).isEqualTo(endpoint("192.0.2.7", 0));
    assertThat(endpoint("::fffe:c000:207", 0)).hasToString("[::fffe:c000:207]:7");
    assertThat(endpoint("1::ffff:c000:207", 0)).hasToString("[1::ffff:c000:207]:7");
  }
}
