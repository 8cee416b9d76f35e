package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpTextTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 00000000, 0.0.0.0",
    "255.255.255.255, ffffffff, 255.255.255.255",
    "192.0.2.1, c0000201, 192.0.2.1",
    "::, 00000000000000000000000000000000, ::",
    "::1, 00000000000000000000000000000001, ::1",
    "1::, 00010000000000000000000000000000, 1::",
    "2001:DB8::A, 20010db800000000000000000000000a, 2001:db8::a",
    "2001:db8:0:0:0:0:0:1, 20010db8000000000000000000000001, 2001:db8::1",
    "2001:db8:0:1:1:1:1:1, 20010db8000000010001000100010001, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 20010000000000010000000000000001, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 20010db8000000000001000000000001, 2001:db8::1:0:0:1",
    "1:2:3:4:5:6:7::, 00010002000300040005000600070000, 1:2:3:4:5:6:7:0",
    "::2:3:4:5:6:7:8, 00000002000300040005000600070008, 0:2:3:4:5:6:7:8",
    "0001:0022:0333:4444:5:6:7:8, 00010022033344440005000600070008, 1:22:333:4444:5:6:7:8",
    "::ffff:192.0.2.1, 00000000000000000000ffffc0000201, ::ffff:c000:201",
    "1:2:3:4:5:6:192.0.2.1, 000100020003000400050006c0000201, 1:2:3:4:5:6:c000:201",
    "64:ff9b::192.0.2.33, 0064ff9b0000000000000000c0000221, 64:ff9b::c000:221",
    "fe80::ffff:ffff:ffff:ffff, fe80000000000000ffffffffffffffff, fe80::ffff:ffff:ffff:ffff",
  })
  void shouldReadAndWriteAddresses(String text, String hex, String canonical) {
    byte[] address = IpText.parse(text);
    assertThat(HexFormat.of().formatHex(address)).isEqualTo(hex);
    assertThat(IpText.format(address)).isEqualTo(canonical);
    assertThat(IpText.parse(canonical)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a",
        "localhost",
        "example.com",
        "1",
        "1.2",
        "1.2.3",
        "1.2.3.4.5",
        "1.2.3.",
        ".1.2.3",
        "1..2.3",
        "256.0.0.1",
        "1.2.3.999",
        "1.2.3.1000",
        "01.2.3.4",
        "1.2.3.00",
        "1.2.3.-4",
        "+1.2.3.4",
        "1.2.3.4 ",
        " 1.2.3.4",
        "0x1.2.3.4",
        "1.2.3.٤",
        ":",
        ":::",
        "::1::",
        "1::2::3",
        "1:::2",
        ":1",
        "1:",
        ":1::2",
        "1::2:",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7:8::",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8",
        "12345::",
        "g::",
        "-1::",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "::1.2.3",
        "::1.2.3.256",
        "1:2:3:4:5:6:7:1.2.3.4",
        "fe80::1%eth0",
        "fe80::1%1",
        "[::1]",
        "::1/64",
        "::١",
        "::1\n",
        "1.2.3.4:5",
      })
  void shouldRefuseWhatIsNotExactlyOneAddress(String text) {
    assertThatThrownBy(() -> IpText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not an IP address");
  }

  @Test
  void shouldReadBackWhatItWrites() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("IpTextTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] address = new byte[random.nextInt(4) == 0 ? 4 : 16];
      for (int j = 0; j < address.length; j++) {
        address[j] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
      }
      String text = IpText.format(address);
      assertThat(IpText.parse(text)).as("seed %d: %s", seed, text).isEqualTo(address);
      // The platform's reader as a second opinion; it turns v4-mapped addresses into IPv4.
      byte[] platform = InetAddress.ofLiteral(text).getAddress();
      if (platform.length == address.length) {
        assertThat(platform).as("seed %d: %s", seed, text).isEqualTo(address);
      }
    }
  }
}
