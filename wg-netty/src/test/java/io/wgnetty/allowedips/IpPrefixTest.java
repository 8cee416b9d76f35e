package io.wgnetty.allowedips;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
  @ParameterizedTest
  @CsvSource({
    "192.95.5.65/27, 192.95.5.64/27",
    "255.255.255.255/0, 0.0.0.0/0",
    "255.255.255.255/1, 128.0.0.0/1",
    "10.1.0.20/29, 10.1.0.16/29",
    "10.1.0.20/32, 10.1.0.20/32",
    "2607:5300:6d8a:6bf8:dab1:f1df:c05f:1523/83, 2607:5300:6d8a:6bf8:dab1:e000::/83",
    "2607:5300:6d8a:6bf8:dab1:f1df:c05f:1523/21, 2607:5000::/21",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/0, ::/0",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/63, ffff:ffff:ffff:fffe::/63",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/64, ffff:ffff:ffff:ffff::/64",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/65, ffff:ffff:ffff:ffff:8000::/65",
    "::1/128, ::1/128",
    "1.2.3.4/08, 1.0.0.0/8",
  })
  void shouldMaskHostBits(String text, String masked) {
    IpPrefix prefix = IpPrefix.parse(text);
    assertThat(prefix).hasToString(masked);
    assertThat(IpPrefix.parse(masked)).isEqualTo(prefix);
    assertThat(IpPrefix.of(prefix.addressBytes(), prefix.length())).isEqualTo(prefix);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "10.0.0.0/",
        "/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/ 8",
        "10.0.0.0 /8",
        "10.0.0.0/0008",
        "10.0.0/8",
        "::/129",
        "::/",
        "::/1000",
        "::/a",
        "::1",
        "fe80::1%1/64",
        "10.0.0.0/٨",
        "10.0.0.0/255.0.0.0",
      })
  void shouldRefuseWhatIsNotAPrefix(String text) {
    assertThatThrownBy(() -> IpPrefix.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseLengthsBeyondTheFamily() {
    assertThatThrownBy(() -> IpPrefix.of(new byte[4], 33))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IpPrefix.of(new byte[16], 129))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IpPrefix.of(new byte[4], -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> IpPrefix.of(new byte[17], 8))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldNotTakeAMappedPrefixForIpv4() {
    assertThat(IpPrefix.parse("::ffff:10.0.0.0/104").isIpv6()).isTrue();
    assertThat(new IpPrefix(false, 0, 0, 0)).isNotEqualTo(new IpPrefix(true, 0, 0, 0));
  }

  @Test
  void shouldMaskLikeExactArithmetic() {
    long seed = new Random().nextLong();
    System.out.println("IpPrefixTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      byte[] address = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(address);
      int bits = address.length * 8;
      int length = random.nextInt(bits + 1);
      BigInteger value = new BigInteger(1, address);
      BigInteger expected = value.shiftRight(bits - length).shiftLeft(bits - length);
      assertThat(new BigInteger(1, IpPrefix.of(address, length).addressBytes()))
          .as("seed %d: %s/%d", seed, value.toString(16), length)
          .isEqualTo(expected);
    }
  }
}
