package io.wgnetty.udp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** All of 127.0.0.0/8 is local, everywhere. */
class ManySourceSocketTest {
  private static final int FIRST_SOURCE = (127 << 24) | (9 << 16);
  private static final int TIMEOUT_MS = 10_000;

  @Test
  void shouldSpeakFromManyAddressesAndHearAtEach() throws IOException {
    int count = ManySourceSocket.BATCH + 5; // one batch leaves by itself
    try (DatagramSocket server =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ManySourceSocket socket =
            new ManySourceSocket(
                0, Endpoint.of((InetSocketAddress) server.getLocalSocketAddress()))) {
      server.setSoTimeout(TIMEOUT_MS);
      for (int i = 0; i < count; i++) {
        socket.add(("question " + i).getBytes(US_ASCII), FIRST_SOURCE + i);
      }
      socket.flush();
      assertThat(socket.sent()).isEqualTo(count);

      Set<InetAddress> sources = new HashSet<>();
      for (int i = 0; i < count; i++) {
        DatagramPacket question = new DatagramPacket(new byte[64], 64);
        server.receive(question);
        sources.add(question.getAddress());
        server.send(question); // back to where it came from
      }
      assertThat(sources).hasSize(count);

      TreeMap<Integer, String> heard = new TreeMap<>();
      SocketWait wait = new SocketWait(List.of(socket));
      while (heard.size() < count) {
        wait.await(TIMEOUT_MS);
        assertThat(wait.isReady(0)).as("something comes within 10 s").isTrue();
        socket.receive((datagram, address) -> heard.put(address, new String(datagram, US_ASCII)));
      }
      for (int i = 0; i < count; i++) {
        assertThat(heard).containsEntry(FIRST_SOURCE + i, "question " + i);
      }
      assertThat(socket.received()).isEqualTo(count);
    }
  }

  @Test
  void shouldCountWhatTheSystemRefusesAndGoOn() throws IOException {
    try (DatagramSocket server =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        ManySourceSocket socket =
            new ManySourceSocket(
                0, Endpoint.of((InetSocketAddress) server.getLocalSocketAddress()))) {
      server.setSoTimeout(TIMEOUT_MS);
      socket.add(new byte[1], (192 << 24) | (2 << 8) | 1); // 192.0.2.1: not ours
      socket.add(new byte[2], FIRST_SOURCE);
      socket.flush();

      DatagramPacket packet = new DatagramPacket(new byte[64], 64);
      server.receive(packet);
      assertThat(packet.getLength()).isEqualTo(2);
      assertThat(socket.refused()).isEqualTo(1);
      assertThat(socket.sent()).isEqualTo(1);
    }
  }

  @Test
  void shouldNotBeReadyWhenNothingHasCome() throws IOException {
    try (ManySourceSocket socket = new ManySourceSocket(0, Endpoint.ipv4(FIRST_SOURCE, 9))) {
      SocketWait wait = new SocketWait(List.of(socket));
      wait.await(1);
      assertThat(wait.isReady(0)).isFalse();
    }
  }
}
