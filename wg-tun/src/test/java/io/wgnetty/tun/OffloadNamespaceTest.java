package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two interfaces, each in a namespace of its own, joined by a cable that is us: what one reads is
 * cut into packets, and those are written to the other.
 *
 * <pre>
 *   [left] .1 --- read, cut --> batch --> put together, write --- .2 [right]
 * </pre>
 */
@Tag("namespace")
class OffloadNamespaceTest {
  private static final int PORT = 7001;
  private static final int TRANSFER_BYTES = 8_000_000;
  private static final int PATIENCE_MS = 20_000;
  private static final int MAX_LOOKS = 1000;
  private static final int SOL_UDP = 17;
  private static final int UDP_SEGMENT = 103;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final PacketBatchPool<PacketBatch> pool =
      new PacketBatchPool<>(owner -> new PacketBatch(allocator, owner) {});
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final TestNamespace leftNamespace = new TestNamespace();
  private final TestNamespace rightNamespace = new TestNamespace();
  private final AtomicInteger superPackets = new AtomicInteger();
  private final AtomicInteger badPackets = new AtomicInteger();
  private volatile boolean plugged;
  private volatile boolean cuts = true;

  @AfterEach
  void everythingIsGivenBack() throws Exception {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    pool.close();
    leftNamespace.close();
    rightNamespace.close();
    assertThat(badPackets).hasValue(0);
    assertThat(allocator.metric().usedDirectMemory()).as("leaked bytes").isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "true, true, true, 10.95.0.2",
    "true, true, true, fd95::2",
    "false, false, false, 10.95.0.2",
    "false, false, false, fd95::2",
    "true, false, false, 10.95.0.2",
    "false, false, true, fd95::2",
    "false, true, true, 10.95.0.2"
  })
  void shouldCarryATcpTransferUnchanged(
      boolean tcpSegmentation, boolean udpSegmentation, boolean coalescing, String destination)
      throws Exception {
    Joined joined =
        connect(new TunOffloads(tcpSegmentation, udpSegmentation, coalescing, coalescing));
    transfer(joined, destination);

    awaitTurn(joined);
    assertThat(superPackets.get() > 0).isEqualTo(tcpSegmentation);
    assertThat(joined.right.packetsCoalesced() > 0).isEqualTo(coalescing);
    assertThat(joined.right.packetsWritten()).isGreaterThan(TRANSFER_BYTES / 1500);
    assertThat(joined.right.coalescingFallbacks()).isZero();
    assertThat(joined.right.writeErrors()).isZero();
    if (tcpSegmentation && coalescing) {
      assertThat(joined.right.writes() * 4).isLessThan(joined.right.packetsWritten());
    }
  }

  /** A cable of great length: super-packets pass through it whole. */
  @ParameterizedTest
  @ValueSource(strings = {"10.95.0.2", "fd95::2"})
  void shouldPassSuperPacketsOnAsTheyAre(String destination) throws Exception {
    cuts = false;
    Joined joined = connect(new TunOffloads(true, true, false, false));
    transfer(joined, destination);

    awaitTurn(joined);
    assertThat(joined.right.writes() * 4).isLessThan(joined.right.packetsWritten());
    assertThat(joined.right.writeErrors()).isZero();
  }

  private static void transfer(Joined joined, String destination) throws Exception {
    byte[] sent = new byte[TRANSFER_BYTES];
    new Random(1).nextBytes(sent);
    var address = new InetSocketAddress(destination, PORT);

    try (ServerSocket server =
        inside(joined.right, () -> new ServerSocket(PORT, 1, address.getAddress()))) {
      var received =
          CompletableFuture.supplyAsync(
              () -> {
                try (Socket socket = server.accept()) {
                  return socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      try (Socket client = inside(joined.left, () -> new Socket(address.getAddress(), PORT))) {
        client.getOutputStream().write(sent);
      }
      assertThat(Arrays.equals(received.get(PATIENCE_MS, TimeUnit.MILLISECONDS), sent)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({"true, 10.95.0.2", "true, fd95::2", "false, 10.95.0.2", "false, fd95::2"})
  void shouldCarryASegmentedSendAsItsDatagrams(boolean offloads, String destination)
      throws Exception {
    Joined joined = connect(offloads ? TunOffloads.ALL : TunOffloads.NONE);
    boolean udp = joined.left.device().offloads().udpSegmentation(); // kernels before 6.2 have none
    byte[] sent = TestPacket.pattern(5500, 1);
    InetAddress address = InetAddress.getByName(destination);
    try (DatagramSocket receiver = inside(joined.right, () -> new DatagramSocket(PORT, address))) {
      receiver.setSoTimeout(PATIENCE_MS);
      inside(joined.left, () -> sendSegmented(address, sent, 1000));
      for (int at = 0; at < sent.length; at += 1000) {
        var datagram = new DatagramPacket(new byte[2000], 2000);
        assertThatCode(() -> receiver.receive(datagram))
            .as(
                "at %d: read %d, written %d, refused %d",
                at,
                joined.left.packetsRead(),
                joined.right.packetsWritten(),
                joined.right.writeErrors())
            .doesNotThrowAnyException();
        byte[] expected = Arrays.copyOfRange(sent, at, Math.min(at + 1000, sent.length));
        assertThat(Arrays.copyOf(datagram.getData(), datagram.getLength())).isEqualTo(expected);
      }
    }
    awaitTurn(joined);
    assertThat(superPackets).hasValue(udp ? 1 : 0);
    assertThat(joined.right.packetsCoalesced()).isEqualTo(udp ? 6 : 0);
    assertThat(joined.right.writeErrors()).isZero();
  }

  @Test
  void shouldHaveTheSameOffloadsOnEveryQueue() throws Exception {
    var wanted = new TunOffloads(true, false, false, true);
    try (TunDevice device = TunDevice.open(TestNamespace.uniqueName(), wanted);
        TunDevice queue = device.openQueue()) {
      assertThat(device.offloads().tcpSegmentation()).isTrue();
      assertThat(device.offloads().udpSegmentation()).isFalse();
      assertThat(device.offloads().tcpCoalescing()).isFalse();
      assertThat(queue.offloads()).isEqualTo(device.offloads());
    }
  }

  @Test
  void shouldHaveNoOffloadsWithoutAVirtioHeader() throws Exception {
    int fd = Libc.INSTANCE.open("/dev/net/tun", Libc.O_RDWR);
    var request = new InterfaceRequest(TestNamespace.uniqueName()).withFlags(0x1001);
    Libc.INSTANCE.ioctl(fd, 0x400454caL, request.memory());
    try (TunDevice device = TunDevice.adopt(fd)) {
      assertThat(device.offloads()).isEqualTo(TunOffloads.NONE);
    }
  }

  private record Joined(TunChannel left, TunChannel right) {}

  private Joined connect(TunOffloads offloads) throws Exception {
    var left = new TunChannel(TunDevice.open(TestNamespace.uniqueName(), offloads), pool::take);
    var right = new TunChannel(TunDevice.open(TestNamespace.uniqueName(), offloads), pool::take);
    left.pipeline().addLast(new Cable(right));
    right.pipeline().addLast(new Cable(left));
    group.register(left).sync();
    group.register(right).sync();
    leftNamespace.take(left.device(), "10.95.0.1/24");
    rightNamespace.take(right.device(), "10.95.0.2/24");
    leftNamespace.ip("addr", "add", "fd95::1/64", "dev", left.device().name(), "nodad");
    rightNamespace.ip("addr", "add", "fd95::2/64", "dev", right.device().name(), "nodad");
    awaitAddress(leftNamespace, "fd95::1");
    awaitAddress(rightNamespace, "fd95::2");
    plugged = true; // not before: an interface says hello as soon as it is up, and refuses until
    return new Joined(left, right);
  }

  /** The kernel gives a new IPv6 address its route a moment later, and until then drops. */
  private static void awaitAddress(TestNamespace namespace, String address) {
    for (int i = 0; i < MAX_LOOKS; i++) {
      if (namespace.ip("-6", "route", "show", "table", "local").contains("local " + address)) {
        return;
      }
    }
    throw new AssertionError(address + " is not usable");
  }

  /** What arrived is counted at the end of the turn that wrote it. */
  private static void awaitTurn(Joined joined) throws Exception {
    joined.right.eventLoop().submit(() -> {}).sync();
  }

  private interface Opening<T> {
    T run() throws IOException;
  }

  /** What is opened belongs to the namespace for good. */
  private static <T> T inside(TunChannel channel, Opening<T> opening) throws TunException {
    try (NetworkNamespace namespace = channel.device().namespace()) {
      return namespace.call(
          () -> {
            try {
              return opening.run();
            } catch (IOException e) {
              throw new TunException(e.toString());
            }
          });
    }
  }

  private interface Sockets extends Library {
    Sockets INSTANCE = Native.load("c", Sockets.class);

    int setsockopt(int fd, int level, int name, IntByReference value, int lengthBytes)
        throws LastErrorException;

    int connect(int fd, ByteBuffer address, int lengthBytes) throws LastErrorException;
  }

  private static int sendSegmented(InetAddress to, byte[] bytes, int segmentBytes) {
    byte[] raw = to.getAddress();
    boolean ipv6 = raw.length == 16;
    ByteBuffer address = ByteBuffer.allocateDirect(28);
    address.order(ByteOrder.nativeOrder()).putShort((short) (ipv6 ? 10 : 2));
    address.order(ByteOrder.BIG_ENDIAN).putShort((short) PORT);
    address.put(ipv6 ? 8 : 4, raw);
    int fd = Libc.INSTANCE.socket(ipv6 ? 10 : Libc.AF_INET, Libc.SOCK_DGRAM, 0);
    try {
      Sockets.INSTANCE.setsockopt(
          fd, SOL_UDP, UDP_SEGMENT, new IntByReference(segmentBytes), Integer.BYTES);
      Sockets.INSTANCE.connect(fd, address.rewind(), ipv6 ? 28 : 16);
      return (int) Libc.INSTANCE.send(fd, ByteBuffer.wrap(bytes), bytes.length, 0);
    } finally {
      Libc.INSTANCE.close(fd);
    }
  }

  /** One direction of the cable. */
  private final class Cable extends ChannelInboundHandlerAdapter {
    private final TunChannel to;
    private final Segmenter segmenter = new Segmenter();
    private @Nullable PacketBatch out;

    Cable(TunChannel to) {
      this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      PacketBatch in = (PacketBatch) message;
      for (int i = 0; plugged && i < in.size(); i++) {
        if (in.segmentBytes(i) < 0) {
          badPackets.incrementAndGet();
        } else if (in.segmentBytes(i) > 0 && cuts) {
          superPackets.incrementAndGet();
          cut(in, i);
        } else {
          PacketBatch batch = withRoom();
          batch.bytes().put(batch.nextOffset(), in.bytes(), in.offset(i), in.length(i));
          int index = batch.add(in.length(i));
          batch.setSegments(index, in.headerBytes(i), in.segmentBytes(i));
        }
      }
      in.release();
      forward();
    }

    private void cut(PacketBatch in, int packet) {
      segmenter.begin(in, packet);
      while (segmenter.hasNext()) {
        PacketBatch batch = withRoom();
        int at = batch.nextOffset();
        int header = segmenter.next(batch.bytes(), at);
        int payload = segmenter.payloadBytes();
        batch.bytes().put(at + header, in.bytes(), segmenter.payloadOffset(), payload);
        batch.add(header + payload);
      }
    }

    private PacketBatch withRoom() {
      if (out != null && !out.hasRoom()) {
        forward();
      }
      if (out == null) {
        out = pool.take();
      }
      return out;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a packet that is lost is lost, as on any link
    private void forward() {
      if (out != null) {
        to.writeAndFlush(out, to.voidPromise());
        out = null;
      }
    }
  }
}
