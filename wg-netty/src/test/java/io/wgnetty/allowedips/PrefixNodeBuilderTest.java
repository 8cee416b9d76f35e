package io.wgnetty.allowedips;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefixNodeBuilderTest {
  private static AllowedIp<?> entry(String text) {
    IpPrefix prefix = IpPrefix.parse(text);
    return new AllowedIp<>(prefix, new Object());
  }

  private static Object[] join(String one, String other) {
    return (Object[]) PrefixNodeBuilder.join(entry(one), entry(other), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/32, 10.0.0.1/32",
    "fd00::2/128, fd00::3/128",
    "fd00::/64, fd00:0:0:1::/64",
    "10.0.0.0/8, 11.0.0.0/8"
  })
  void shouldGoOneBitPastTheEndOfThePrefixesAndNotFurther(String one, String other) {
    Object[] node = join(one, other);
    assertThat(PrefixNode.stride(node)).as("the bit that differs, and one more").isEqualTo(2);
    assertThat(PrefixNode.owner(node, PrefixNode.ownerPosition(0))).as("in the node").isNotNull();
    assertThat(PrefixNode.owner(node, PrefixNode.ownerPosition(2))).isNotNull();
  }

  @Test
  void shouldBeAsWideAsItsPrefixesFillWhereTheyGoOn() {
    assertThat(PrefixNode.stride(join("10.0.0.0/32", "10.128.0.0/32"))).isEqualTo(4);
  }
}
