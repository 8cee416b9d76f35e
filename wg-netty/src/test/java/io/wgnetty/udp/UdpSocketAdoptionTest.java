package io.wgnetty.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Sockets that another process has bound. */
class UdpSocketAdoptionTest {
  @Test
  void shouldGoOnWithABoundSocket() throws IOException {
    try (UdpSocket opened = UdpSocket.open(false, 0, UdpSettings.DEFAULT)) {
      UdpSocket adopted = UdpSocket.adopt(opened.fd(), false, UdpSettings.DEFAULT);
      assertThat(adopted.port()).isEqualTo(opened.port());
      assertThat(adopted.fd()).isEqualTo(opened.fd());
      assertThat(adopted.isIpv6()).isFalse();
    }
  }

  @Test
  void shouldRefuseAnotherFamily() throws IOException {
    try (UdpSocket opened = UdpSocket.open(false, 0, UdpSettings.DEFAULT)) {
      assertThatThrownBy(() -> UdpSocket.adopt(opened.fd(), true, UdpSettings.DEFAULT))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("IPv6");
    }
  }

  @Test
  void shouldRefuseASocketThatIsNotBoundOrNoDatagramSocket() throws IOException {
    UdpSocket.open(false, 0, UdpSettings.DEFAULT).close(); // loads the library
    Socket unbound = Socket.newSocketDgram();
    Socket stream = Socket.newSocketStream();
    try {
      assertThatThrownBy(() -> UdpSocket.adopt(unbound.intValue(), false, UdpSettings.DEFAULT))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> UdpSocket.adopt(stream.intValue(), false, UdpSettings.DEFAULT))
          .isInstanceOf(IOException.class);
    } finally {
      unbound.close();
      stream.close();
    }
  }

  @Test
  void shouldRefuseWhatIsNoSocket() {
    assertThatThrownBy(() -> UdpSocket.adopt(0, false, UdpSettings.DEFAULT))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> UdpSocket.adopt(1_000_000, false, UdpSettings.DEFAULT))
        .isInstanceOf(IOException.class);
  }
}
