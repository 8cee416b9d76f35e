package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpSettings;
import io.wgnetty.udp.UdpSocket;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BoundPortTest {
  private static final int SOL_SOCKET = 1;
  private static final int SO_MARK = 36;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_MTU_DISCOVER = 23;

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

  private BoundPort bind(int port, int fwmark) throws IOException {
    return BoundPort.bind(this::register, port, UdpSettings.DEFAULT.withFwmark(fwmark));
  }

  private UdpChannel register(UdpSocket socket) {
    UdpChannel channel =
        new UdpChannel(socket, UnpooledByteBufAllocator.DEFAULT, new DropCounters());
    channel.pipeline().addLast(new Recorder());
    loop.register(channel).syncUninterruptibly();
    return channel;
  }

  private final class Recorder extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      TunnelBatch batch = (TunnelBatch) message;
      for (int i = 0; i < batch.size(); i++) {
        received.add(batch.length(i) + " from " + batch.source(i).addressBytes().length);
      }
      batch.release();
    }
  }

  private static int portOf(UdpChannel channel) {
    return channel.socket().port();
  }

  /** How many sockets this process has open. */
  private static long openSockets() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(BoundPortTest::isSocket).count();
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false; // closed since it was listed
    }
  }

  private static void send(String address, int port, int length) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.send(
          new DatagramPacket(new byte[length], length, InetAddress.getByName(address), port));
    }
  }

  @AfterEach
  void shutDown() {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void shouldChooseOneFreePortForBothFamilies() throws IOException {
    BoundPort bound = bind(0, 0);
    assertThat(bound.port()).isPositive();
    assertThat(portOf(bound.v4())).isEqualTo(bound.port());
    if (bound.v6() != null) {
      assertThat(portOf(bound.v6())).isEqualTo(bound.port());
    }
    bound.close();
  }

  @Test
  void shouldReceiveInEachFamilyByItsOwnSocket() throws Exception {
    BoundPort bound = bind(0, 0);
    send("127.0.0.1", bound.port(), 33);
    assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("33 from 4");
    if (bound.v6() != null) {
      send("::1", bound.port(), 44);
      assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("44 from 16");
    }
    bound.close();
  }

  @Test
  void shouldReceiveTheLargestDatagramWhole() throws Exception {
    BoundPort bound = bind(0, 0);
    send("127.0.0.1", bound.port(), 65_507);
    assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("65507 from 4");
    bound.close();
  }

  @Test
  void shouldSayWhichPortIsInUseAndLeaveNothingOpen() throws IOException {
    BoundPort first = bind(0, 0);
    long socketsBefore = openSockets();
    assertThatThrownBy(() -> bind(first.port(), 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot bind UDP port " + first.port())
        .hasMessageContaining("Address already in use");
    assertThat(openSockets()).isEqualTo(socketsBefore);
    first.close();
    BoundPort again = bind(first.port(), 0);
    assertThat(again.port()).isEqualTo(first.port());
    again.close();
  }

  @Test
  void shouldFreeTheOneFamilyWhenThePortIsInUseInTheOther() throws IOException {
    BoundPort first = bind(0, 0);
    assumeTrue(first.v6() != null, "this host has no IPv6");
    first.v4().close().syncUninterruptibly();
    long socketsBefore = openSockets();
    assertThatThrownBy(() -> bind(first.port(), 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot bind UDP port " + first.port());
    assertThat(openSockets()).isEqualTo(socketsBefore);
    requireNonNull(first.v6()).close().syncUninterruptibly();
    bind(first.port(), 0).close();
  }

  @Test
  void shouldLeaveNothingOpenWhenASocketFindsNoOwner() throws IOException {
    int port;
    try (DatagramSocket free = new DatagramSocket()) {
      port = free.getLocalPort();
    }
    assumeTrue(UdpSocket.hasIpv6(), "this host has no IPv6");
    for (int accepted = 0; accepted < 2; accepted++) {
      long socketsBefore = openSockets();
      int[] left = {accepted};
      SocketOwner exhausted =
          socket -> {
            if (left[0]-- == 0) {
              throw new OutOfMemoryError("no memory for the channel");
            }
            return register(socket);
          };
      assertThatThrownBy(() -> BoundPort.bind(exhausted, port, UdpSettings.DEFAULT))
          .isInstanceOf(OutOfMemoryError.class);
      assertThat(openSockets()).isEqualTo(socketsBefore);
      bind(port, 0).close(); // it is free
    }
  }

  @Test
  void shouldCloseBothSockets() throws IOException {
    long socketsBefore = openSockets();
    BoundPort bound = bind(0, 0);
    assertThat(openSockets()).isEqualTo(socketsBefore + (bound.v6() == null ? 1 : 2));
    bound.close();
    assertThat(openSockets()).isEqualTo(socketsBefore);
  }

  @Test
  void shouldMarkBothSocketsOrSayThatItMayNot() throws IOException {
    long socketsBefore = openSockets();
    try {
      BoundPort bound = bind(0, 0x1234);
      assertThat(bound.v4().socket().option(SOL_SOCKET, SO_MARK)).isEqualTo(0x1234);
      bound.setMark(0x77);
      assertThat(bound.v4().socket().option(SOL_SOCKET, SO_MARK)).isEqualTo(0x77);
      if (bound.v6() != null) {
        assertThat(bound.v6().socket().option(SOL_SOCKET, SO_MARK)).isEqualTo(0x77);
      }
      bound.setMark(0);
      assertThat(bound.v4().socket().option(SOL_SOCKET, SO_MARK)).isZero();
      bound.close();
    } catch (IOException e) {
      // without CAP_NET_ADMIN
      assertThat(e).hasMessageContaining("cannot set the mark of datagrams");
    }
    assertThat(openSockets()).isEqualTo(socketsBefore);
  }

  @Test
  void shouldOfferItsChannelsThatFragmentRatherThanLose() throws IOException {
    BoundPort bound = bind(0, 0);
    assertThat(bound.v4().socket().option(0, IP_MTU_DISCOVER)).isZero();
    if (bound.v6() != null) {
      assertThat(bound.v6().socket().option(41, IPV6_MTU_DISCOVER)).isZero();
    }
    bound.close();
  }
}
