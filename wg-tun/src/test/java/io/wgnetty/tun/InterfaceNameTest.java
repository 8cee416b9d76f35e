package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"wg0", "a", "fifteen-letters", "wg_=+.-0", "..."})
  void shouldTakeWhatTheKernelTakes(String name) throws TunException {
    assertThat(InterfaceName.check(name)).isEqualTo(name);
  }

  @Test
  void shouldSayHowLongANameMayBe() {
    assertThatThrownBy(() -> InterfaceName.check("sixteen-letters-"))
        .isInstanceOf(TunException.class)
        .hasMessage("interface name has 16 characters, Linux allows 15: choose a shorter one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a b", "a/b", "a:b", "tun%d", "a\tb", "a\nb", "a\0b", "\u007f", "t\u00fcn"})
  void shouldRefuseForbiddenCharactersWithoutRepeatingThem(String name) {
    assertThatThrownBy(() -> InterfaceName.check(name))
        .isInstanceOf(TunException.class)
        .hasMessageContaining("forbidden character at position")
        .hasMessageNotContaining(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  void shouldRefuseEmptyAndReservedNames(String name) {
    assertThatThrownBy(() -> InterfaceName.check(name)).isInstanceOf(TunException.class);
  }

  @Test
  void shouldRefuseNoName() {
    assertThatThrownBy(() -> InterfaceName.check(null))
        .isInstanceOf(TunException.class)
        .hasMessageContaining("is empty");
  }
}
