package io.wgnetty.udp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.tun.PacketBatch;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class UdpChannelTest {
  private static UdpEnd end(boolean ipv6) throws IOException {
    return end(ipv6, UdpSettings.DEFAULT);
  }

  private static UdpEnd end(boolean ipv6, UdpSettings settings) throws IOException {
    assumeTrue(!ipv6 || UdpSocket.hasIpv6(), "this host has no IPv6");
    return new UdpEnd(ipv6, settings);
  }

  private static byte[] content(Random random, int length) {
    byte[] content = new byte[length];
    random.nextBytes(content);
    return content;
  }

  private static List<UdpEnd.Outgoing> equal(Random random, int count, int length, Endpoint to) {
    List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      datagrams.add(new UdpEnd.Outgoing(content(random, length), to, 0));
    }
    return datagrams;
  }

  private static void assertReceived(UdpEnd end, List<UdpEnd.Outgoing> sent) throws Exception {
    for (int i = 0; i < sent.size(); i++) {
      assertThat(end.next().content()).as("datagram %d", i).isEqualTo(sent.get(i).content());
    }
  }

  @Test
  void shouldReadNothingWhileItRests() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      long restNs = TimeUnit.MILLISECONDS.toNanos(200);
      long beganNs =
          to.onLoop(
              () -> {
                long nowNs = System.nanoTime();
                to.channel.rest(restNs);
                to.channel.rest(restNs); // it rests already
                return nowNs;
              });
      from.send(equal(new Random(1), 3, 100, to.place()));
      to.next();
      assertThat(System.nanoTime() - beganNs).isGreaterThanOrEqualTo(restNs);
      to.next();
      to.next();
    }
  }

  @Test
  void shouldReadWhatWasSetAsideBeforeAnythingElse() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      to.onLoop(() -> to.channel.config().setAutoRead(false));
      List<UdpEnd.Outgoing> sent = equal(new Random(1), 4, 100, to.place());
      from.send(sent.subList(0, 2));
      to.onLoop(
          () -> {
            to.channel.setAside(); // the kernel has nothing more to report
            return to.channel;
          });
      from.send(sent.subList(2, 4));
      to.onLoop(
          () -> {
            to.channel.readAside();
            to.channel.readAside(); // there is nothing any more
            return to.channel.config().setAutoRead(true);
          });
      assertReceived(to, sent);
    }
  }

  @Test
  void shouldTellWhatTheKernelHadNoRoomFor() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false, UdpSettings.DEFAULT.withReceiveBytes(1 << 16))) {
      CountDownLatch held = to.hold();
      for (int i = 0; i < 20; i++) {
        from.send(equal(new Random(1), 100, 1000, to.place()));
      }
      held.countDown();
      await().until(() -> to.onLoop(to.channel::lost) > 0);
      to.channel.close().syncUninterruptibly();
      assertThat(to.onLoop(to.channel::lost)).as("it is known to the end").isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCarryDatagramsOfAllSizesInOrder(boolean ipv6) throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    try (UdpEnd from = end(ipv6);
        UdpEnd to = end(ipv6)) {
      for (int round = 0; round < 60; round++) {
        List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
        int left = DatagramBatch.SLAB_BYTES;
        while (left > 0 && datagrams.size() < 120) {
          int length = Math.min(left, 32 + random.nextInt(round % 3 == 0 ? 9000 : 1440));
          for (int i = random.nextInt(20); i >= 0 && length <= left; i--) {
            datagrams.add(new UdpEnd.Outgoing(content(random, length), to.place(), 0));
            left -= length;
          }
          left = length > left ? 0 : left;
        }
        datagrams = datagrams.subList(0, Math.min(120, datagrams.size()));
        assertThat(from.send(datagrams)).isEmpty();
        assertReceived(to, datagrams);
      }
      UdpCounters out = from.channel.counters();
      await().until(() -> to.channel.counters().datagramsIn() == out.datagramsOut());
      assertThat(out.messagesOut()).isLessThan(out.datagramsOut() / 2);
      assertThat(out.callsOut()).isLessThan(out.messagesOut());
      assertThat(to.channel.counters().messagesIn()).isLessThan(out.datagramsOut() / 2);
      assertThat(out.gsoFallbacks()).isZero();
      assertThat(to.malformed()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCarryTheSameWithoutOffloads(boolean ipv6) throws Exception {
    UdpSettings plain = UdpSettings.DEFAULT.withOffloads(false, false);
    Random random = new Random(1);
    try (UdpEnd from = end(ipv6, plain);
        UdpEnd to = end(ipv6, plain)) {
      List<UdpEnd.Outgoing> datagrams = equal(random, 150, 1000, to.place());
      CountDownLatch held = to.hold(); // or a quick receiver would find them one by one
      assertThat(from.send(datagrams)).isEmpty();
      held.countDown();
      assertReceived(to, datagrams);
      assertThat(from.channel.counters().messagesOut()).isEqualTo(150);
      await().until(() -> to.channel.counters().messagesIn() == 150);
      assertThat(to.channel.counters().callsIn()).isLessThan(150);
    }
  }

  @Test
  void shouldCarryTheLargestDatagram() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      List<UdpEnd.Outgoing> datagrams = equal(new Random(2), 1, 65_507, to.place());
      assertThat(from.send(datagrams)).isEmpty();
      assertReceived(to, datagrams);
      assertThat(from.send(equal(new Random(2), 1, 65_508, to.place()))).containsExactly(0);
      assertThat(from.channel.counters().refused()).isEqualTo(1);
    }
  }

  @Test
  void shouldFireBatchesOfNoMoreThanTheyHold() throws Exception {
    Random random = new Random(3);
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      List<UdpEnd.Outgoing> all = new ArrayList<>();
      CountDownLatch held = to.hold();
      for (int i = 0; i < 5; i++) {
        List<UdpEnd.Outgoing> datagrams = equal(random, 150, 300, to.place());
        assertThat(from.send(datagrams)).isEmpty();
        all.addAll(datagrams);
      }
      held.countDown();
      assertReceived(to, all);
      assertThat(to.batchSizes).allMatch(size -> size > 0 && size <= PacketBatch.CAPACITY);
      assertThat(to.batchSizes).hasSizeGreaterThan(750 / PacketBatch.CAPACITY);
      assertThat(to.channel.counters().copied()).isZero();
    }
  }

  @Test
  void shouldLeaveABatchToWhoKeepsIt() throws Exception {
    Random random = new Random(4);
    List<TunnelBatch> kept = new ArrayList<>();
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      to.channel
          .pipeline()
          .addFirst(
              new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                  TunnelBatch batch = (TunnelBatch) message;
                  batch.retain();
                  kept.add(batch);
                  context.fireChannelRead(message);
                }
              });
      CountDownLatch held = to.hold();
      List<UdpEnd.Outgoing> all = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        List<UdpEnd.Outgoing> datagrams = equal(random, 150, 300, to.place());
        from.send(datagrams);
        all.addAll(datagrams);
      }
      held.countDown();
      assertReceived(to, all);
      to.onLoop(
          () -> {
            int i = 0;
            for (TunnelBatch batch : kept) {
              for (int p = 0; p < batch.size(); p++) {
                byte[] content = new byte[batch.length(p)];
                batch.bytes().get(batch.offset(p), content);
                assertThat(content).as("kept %d", i).isEqualTo(all.get(i++).content());
              }
            }
            assertThat(i).isEqualTo(all.size());
            kept.forEach(TunnelBatch::release);
            return true;
          });
      assertThat(to.channel.counters().copied()).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSayWhereDatagramsComeFromAndWentTo(boolean ipv6) throws Exception {
    try (UdpEnd from = end(ipv6);
        UdpEnd to = end(ipv6)) {
      List<UdpEnd.Outgoing> datagrams = equal(new Random(5), 3, 100, to.place());
      from.send(datagrams);
      UdpEnd.Received first = to.next();
      assertThat(first.source().withoutLocal()).isEqualTo(from.place());
      assertThat(first.source().local())
          .isEqualTo(new LocalAddress(to.place().addressHigh(), to.place().addressLow(), 0));
      assertThat(to.next().source()).as("no new object for the next").isSameAs(first.source());
    }
  }

  @Test
  void shouldAnswerFromTheAddressThatWasAsked() throws Exception {
    try (UdpEnd node = end(false);
        DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      client.setSoTimeout(UdpEnd.PATIENCE_SECONDS * 1000);
      for (String asked : List.of("127.0.0.2", "127.0.0.1", "127.9.8.7")) {
        InetAddress address = InetAddress.ofLiteral(asked);
        client.send(new DatagramPacket(new byte[50], 50, address, node.channel.socket().port()));
        Endpoint source = node.next().source();
        node.send(equal(new Random(6), 3, 60, source));
        boolean sent = node.onLoop(() -> node.channel.send(new byte[148], source, 0x88));
        assertThat(sent).isTrue();
        for (int length : new int[] {60, 60, 60, 148}) {
          DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
          client.receive(answer);
          assertThat(answer.getAddress()).isEqualTo(address);
          assertThat(answer.getLength()).isEqualTo(length);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.77", "2001:db8::77"})
  void shouldSendWithoutAnAddressThatIsNotOurs(String gone) throws Exception {
    boolean ipv6 = gone.indexOf(':') >= 0;
    Endpoint ours = Endpoint.of(IpText.parse(gone), 1, 0);
    LocalAddress local = new LocalAddress(ours.addressHigh(), ours.addressLow(), 0);
    try (UdpEnd from = end(ipv6);
        UdpEnd to = end(ipv6)) {
      Endpoint sticky = to.place().withLocal(local);
      List<UdpEnd.Outgoing> datagrams = equal(new Random(7), 130, 500, sticky);
      assertThat(from.send(datagrams)).isEmpty();
      assertReceived(to, datagrams);
      assertThat(from.session(sticky).peer().endpoint()).isEqualTo(to.place());
      assertThat(from.channel.counters().localFallbacks()).isEqualTo(1);
      assertThat(from.channel.counters().gsoFallbacks()).isZero();
      assertThat(from.onLoop(() -> from.channel.send(new byte[40], sticky, 0))).isTrue();
      assertThat(to.next().content()).hasSize(40);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldCarryTheTrafficClass(boolean ipv6) throws Exception {
    try (UdpEnd from = end(ipv6);
        UdpEnd to = end(ipv6)) {
      List<UdpEnd.Outgoing> datagrams = new ArrayList<>();
      for (int trafficClass : new int[] {0, 1, 1, 1, 2, 3, 3, 0, 0x88}) {
        datagrams.add(new UdpEnd.Outgoing(new byte[100], to.place(), trafficClass));
      }
      from.send(datagrams);
      for (UdpEnd.Outgoing datagram : datagrams) {
        assertThat(to.next().trafficClass()).isEqualTo(datagram.trafficClass());
      }
      from.onLoop(() -> from.channel.send(new byte[148], to.place(), 0x88));
      UdpEnd.Received handshake = to.next();
      assertThat(handshake.trafficClass()).isEqualTo(0x88);
      assertThat(handshake.content()).hasSize(148);
    }
  }

  @Test
  void shouldDropWhatIsLongerThanItsPlaceAndGoOn() throws Exception {
    UdpSocket socket = UdpSocket.open(false, 0, UdpSettings.DEFAULT.withOffloads(false, true));
    try (UdpEnd from = end(false);
        UdpEnd to = new UdpEnd(socket, new NativeDatagramCalls(), 2048)) {
      Random random = new Random(8);
      from.send(equal(random, 1, 2049, to.place()));
      List<UdpEnd.Outgoing> fits = equal(random, 1, 2048, to.place());
      from.send(fits);
      assertReceived(to, fits);
      assertThat(to.channel.counters().truncated()).isEqualTo(1);
      assertThat(to.malformed()).isEqualTo(1);
    }
  }

  @Test
  void shouldDropAnEmptyDatagramAndGoOn() throws Exception {
    try (UdpEnd to = end(false);
        DatagramSocket client = new DatagramSocket()) {
      InetAddress address = InetAddress.getLoopbackAddress();
      int port = to.channel.socket().port();
      client.send(new DatagramPacket(new byte[0], 0, address, port));
      client.send(new DatagramPacket(new byte[1], 1, address, port));
      assertThat(to.next().content()).hasSize(1);
      assertThat(to.channel.counters().malformed()).isEqualTo(1);
      assertThat(to.malformed()).isEqualTo(1);
    }
  }

  @Test
  void shouldSendOnlyWhatIsOfItsFamily() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      List<UdpEnd.Outgoing> datagrams = new ArrayList<>(equal(new Random(9), 1, 90, to.place()));
      datagrams.add(new UdpEnd.Outgoing(new byte[80], Endpoint.ipv6(0, 1, 9, 0), 0));
      datagrams.addAll(equal(new Random(9), 1, 70, to.place()));
      assertThat(from.send(datagrams)).isEmpty();
      assertThat(to.next().content()).hasSize(90);
      assertThat(to.next().content()).hasSize(70);
      assertThat(from.channel.counters().datagramsOut()).isEqualTo(2);
    }
  }

  @Test
  void shouldRefuseToSendOnceItIsClosed() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      from.channel.close().syncUninterruptibly();
      assertThat(from.send(equal(new Random(10), 2, 90, to.place()))).containsExactly(0);
      assertThat(from.onLoop(() -> from.channel.send(new byte[9], to.place(), 0))).isFalse();
      assertThatThrownBy(() -> from.channel.write(new byte[1]).sync())
          .isInstanceOf(Exception.class);
    }
  }

  @Test
  void shouldReadNoMoreThanIsWanted() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      to.channel.config().setAutoRead(false);
      to.onLoop(() -> true);
      // A read that was asked for before may still be pending: it takes this one.
      from.send(equal(new Random(11), 1, 89, to.place()));
      to.received.poll(200, TimeUnit.MILLISECONDS);
      from.send(equal(new Random(11), 1, 90, to.place()));
      assertThat(to.received.poll(200, TimeUnit.MILLISECONDS)).isNull();
      to.channel.read();
      byte[] content = to.next().content();
      assertThat(content.length == 89 ? to.next().content() : content).hasSize(90);
      from.send(equal(new Random(11), 1, 91, to.place()));
      to.channel.config().setAutoRead(true);
      assertThat(to.next().content()).hasSize(91);
    }
  }

  @Test
  void shouldCloseWhileItReceives() throws Exception {
    try (UdpEnd from = end(false);
        UdpEnd to = end(false)) {
      var closing =
          new ChannelInboundHandlerAdapter() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // the test sees that it closes
            public void channelRead(ChannelHandlerContext context, Object message) {
              context.close();
              context.fireChannelRead(message);
            }
          };
      // On the loop: a handler that another thread adds is passed over until the loop knows of it.
      to.onLoop(() -> to.channel.pipeline().addFirst(closing));
      Endpoint place = to.place(); // which a closed socket does not know
      CountDownLatch held = to.hold();
      try {
        for (int i = 0; i < 3; i++) {
          from.send(equal(new Random(12), 150, 300, place));
        }
      } finally {
        held.countDown(); // or closing would wait for ever
      }
      await().until(() -> !to.channel.isOpen());
      to.next();
    }
  }
}
