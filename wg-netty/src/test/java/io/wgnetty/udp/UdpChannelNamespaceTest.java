package io.wgnetty.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hosts with a wire between them: paths, queues and addresses as the kernel has them. */
@Tag("namespace")
@Timeout(60)
class UdpChannelNamespaceTest {
  private final TestNamespace here = new TestNamespace();
  private final TestNamespace there = new TestNamespace();
  private int nextNumber;

  private void join(int mtu) {
    TestNamespace.join(here, there, mtu);
    here.use("10.94.0.1/24", "10.94.0.3/24", "fd94::1/64");
    there.use("10.94.0.2/24", "fd94::2/64");
  }

  private static UdpEnd end(TestNamespace namespace, boolean ipv6) throws Exception {
    UdpSocket socket = namespace.call(() -> UdpSocket.open(ipv6, 0, UdpSettings.DEFAULT));
    return new UdpEnd(socket, new NativeDatagramCalls(), UdpReceiver.MAX_MESSAGE_BYTES);
  }

  private List<UdpEnd.Outgoing> numbered(int count, int length, Endpoint to) {
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] content = ByteBuffer.allocate(length).putInt(nextNumber++).array();
      datagrams.add(new UdpEnd.Outgoing(content, to, 0));
    }
    return datagrams;
  }

  private static void assertNumbers(UdpEnd end, int from, int count) throws Exception {
    for (int i = from; i < from + count; i++) {
      assertThat(ByteBuffer.wrap(end.next().content()).getInt()).isEqualTo(i);
    }
  }

  @AfterEach
  void close() {
    here.close();
    there.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldLoseNothingOnAPathThatIsTooNarrowForSegments(boolean ipv6) throws Exception {
    join(1280);
    try (UdpEnd from = end(here, ipv6);
        UdpEnd to = end(there, ipv6)) {
      Endpoint place = to.place(ipv6 ? "fd94::2" : "10.94.0.2");
      assertThat(from.send(numbered(100, 1200, place))).isEmpty();
      assertNumbers(to, 0, 100);
      assertThat(from.channel.counters().gsoFallbacks()).isZero();
      assertThat(from.channel.counters().messagesOut()).isEqualTo(2);

      assertThat(from.send(numbered(100, 1452, place))).isEmpty();
      assertNumbers(to, 100, 100);
      assertThat(from.channel.counters().gsoFallbacks()).isEqualTo(1);

      assertThat(from.send(numbered(100, 1452, place))).isEmpty();
      assertNumbers(to, 200, 100);
      assertThat(from.channel.counters().gsoFallbacks()).as("it is remembered").isEqualTo(1);
      assertThat(from.channel.counters().datagramsOut()).isEqualTo(300);
    }
  }

  @Test
  void shouldWaitForASocketThatIsFull() throws Exception {
    join(1500);
    TestNamespace.run(
        "ip", "netns", "exec", here.name, "tc", "qdisc", "add", "dev", "eth", "root", "tbf", "rate",
        "100mbit", "burst", "70000", "limit", "4000000");
    try (UdpEnd from = end(here, false);
        UdpEnd to = end(there, false)) {
      from.channel.socket().setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_SNDBUF, 65_536);
      Endpoint place = to.place("10.94.0.2");
      for (int i = 0; i < 10; i++) {
        assertThat(from.send(numbered(170, 1400, place))).isEmpty();
      }
      assertNumbers(to, 0, 1700);
      assertThat(from.channel.counters().held()).isPositive();
      assertThat(from.channel.counters().pendingDrops()).isZero();
    }
  }

  @Test
  void shouldSendFromAnotherAddressWhenTheOneThatWasAskedGoesAway() throws Exception {
    join(1500);
    try (UdpEnd node = end(here, false);
        UdpEnd client = end(there, false)) {
      client.send(numbered(1, 100, node.place("10.94.0.3")));
      Endpoint source = node.next().source();
      assertThat(source.local()).isEqualTo(new LocalAddress(0, 0x0a5e_0003, 0));
      node.send(numbered(20, 100, source));
      assertThat(client.next().source().withoutLocal()).isEqualTo(node.place("10.94.0.3"));
      here.ip("addr", "del", "10.94.0.3/24", "dev", "eth");
      assertThat(node.send(numbered(20, 100, source))).isEmpty();
      assertNumbers(client, 2, 19);
      assertThat(client.next().source().withoutLocal()).isEqualTo(node.place("10.94.0.1"));
      assertNumbers(client, 22, 19);
      assertThat(node.session(source).peer().endpoint()).isEqualTo(source.withoutLocal());
    }
  }

  @Test
  void shouldAnswerALinkLocalAddressOverItsInterface() throws Exception {
    join(1500);
    here.ip("addr", "add", "fe80::1/64", "dev", "eth", "nodad");
    there.ip("addr", "add", "fe80::2/64", "dev", "eth", "nodad");
    int index = there.call(() -> NetworkInterface.getByName("eth").getIndex());
    try (UdpEnd node = end(here, true);
        UdpEnd client = end(there, true)) {
      Endpoint scoped =
          Endpoint.ipv6(0xfe80_0000_0000_0000L, 1, node.channel.socket().port(), index);
      client.send(numbered(2, 100, scoped));
      Endpoint source = node.next().source();
      assertThat(source.local()).isNotNull();
      assertThat(source.scopeId()).isPositive();
      assertThat(node.send(numbered(20, 100, source))).isEmpty();
      assertThat(client.next().source().withoutLocal()).isEqualTo(scoped);
      assertNumbers(client, 3, 19);
      assertThat(node.channel.counters().localFallbacks()).isZero();
    }
  }
}
