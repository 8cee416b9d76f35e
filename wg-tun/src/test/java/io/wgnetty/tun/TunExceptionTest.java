package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.LastErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunExceptionTest {
  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOENT, Errno.ENODEV, Errno.ENXIO})
  void shouldSayHowToGetTheDriver(int errno) {
    assertThat(TunException.opening(new LastErrorException(errno)))
        .hasMessageContaining("modprobe tun")
        .hasMessageContaining("--device /dev/net/tun");
  }

  @Test
  void shouldNameTheMissingCapability() {
    assertThat(TunException.creating("wg0", new LastErrorException(Errno.EPERM)))
        .hasMessageContaining("wg0")
        .hasMessageContaining("CAP_NET_ADMIN");
  }

  @Test
  void shouldSayThatTheNameIsTaken() {
    assertThat(TunException.creating("wg0", new LastErrorException(Errno.EBUSY)))
        .hasMessage(
            "interface wg0 exists already: remove it (ip link del wg0) or choose another name");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 9, 13, 16, 19, 22, 25, 77, 105})
  void shouldStayOnOneLineWhateverTheError(int errno) {
    var e = new LastErrorException(errno);
    assertThat(TunException.opening(e).getMessage()).doesNotContain("\n");
    assertThat(TunException.creating("wg0", e).getMessage()).doesNotContain("\n");
    assertThat(TunException.addingQueue("wg0", e).getMessage()).doesNotContain("\n");
    assertThat(TunException.adopting(3, e).getMessage()).doesNotContain("\n");
  }
}
