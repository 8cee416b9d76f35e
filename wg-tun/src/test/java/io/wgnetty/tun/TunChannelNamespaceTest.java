package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.wgnetty.tun.example.PingResponder;
import java.nio.ByteBuffer;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("namespace")
class TunChannelNamespaceTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final int UDP = 17;
  private static final int HEADERS_BYTES = 28;
  private static final int MARKER_PORT = 4711;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final PacketBatchPool<PacketBatch> pool =
      new PacketBatchPool<>(owner -> new PacketBatch(allocator, owner) {});
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final TestNamespace namespace = new TestNamespace();

  @AfterEach
  void everythingIsGivenBack() throws Exception {
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    pool.close();
    namespace.close();
    assertThat(allocator.metric().usedDirectMemory()).as("leaked bytes").isZero();
  }

  @Test
  void shouldAnswerPings() throws Exception {
    TunDevice device = TunDevice.open(TestNamespace.uniqueName());
    TunChannel channel = PingResponder.start(device, pool, group);
    namespace.take(device, "10.93.0.1/24");

    String output = namespace.exec("ping", "-c", "20", "-i", "0.01", "-W", "2", "10.93.0.2");
    assertThat(output).contains("20 received");
    assertThat(channel.packetsRead()).isGreaterThanOrEqualTo(20);
    assertThat(channel.packetsWritten()).isGreaterThanOrEqualTo(20);
    assertThat(channel.writeErrors()).isZero();
  }

  @Test
  void shouldAnswerPingsOnAnAdoptedDescriptorWithoutVirtioHeader() throws Exception {
    int fd = Libc.INSTANCE.open("/dev/net/tun", Libc.O_RDWR);
    var request = new InterfaceRequest(TestNamespace.uniqueName()).withFlags(0x1001);
    Libc.INSTANCE.ioctl(fd, 0x400454caL, request.memory());
    TunDevice device = TunDevice.adopt(fd);
    PingResponder.start(device, pool, group);
    namespace.take(device, "10.93.0.1/24");

    assertThat(namespace.exec("ping", "-c", "5", "-i", "0.01", "-W", "2", "10.93.0.2"))
        .contains("5 received");
  }

  @Test
  void shouldMoveFullBatchesUnchanged() throws Exception {
    // Written to one interface, forwarded by the kernel, read from the other.
    var received = new Collector();
    TunChannel in = start(new ChannelInboundHandlerAdapter());
    TunChannel out = start(received);
    namespace.take(in.device(), "10.93.1.1/24");
    namespace.take(out.device(), "10.93.2.1/24");
    namespace.exec("sysctl", "-qw", "net.ipv4.ip_forward=1");
    writeOnLoop(in, () -> markedBatch(PacketBatch.CAPACITY));

    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      Integer number = received.numbers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(number).as("packet %d, read in order", i).isEqualTo(i);
    }
    assertThat(in.packetsWritten()).isEqualTo(PacketBatch.CAPACITY);
    assertThat(in.writeErrors()).isZero();
  }

  @Test
  void shouldPassOverEmptyPacketsAndCountRefusedOnes() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());
    namespace.take(channel.device(), "10.93.1.1/24");
    writeOnLoop(
        channel,
        () -> {
          PacketBatch batch = markedBatch(5);
          batch.setBounds(1, batch.offset(1), 0);
          batch.bytes().put(batch.offset(2), (byte) 0x75); // neither IPv4 nor IPv6
          batch.setBounds(3, 4, 100); // no place for the header
          return batch;
        });

    assertThat(channel.packetsWritten()).isEqualTo(2);
    assertThat(channel.writeErrors()).isEqualTo(2);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void shouldDropAndCountWhileTheLinkIsDown() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());

    writeOnLoop(channel, () -> markedBatch(100));
    assertThat(channel.writeErrors()).isEqualTo(100);
    assertThat(channel.packetsWritten()).isZero();

    namespace.take(channel.device(), "10.93.1.1/24");
    writeOnLoop(channel, () -> markedBatch(3));
    assertThat(channel.packetsWritten()).isEqualTo(3);
  }

  @Test
  void shouldCloseWhenTheInterfaceIsDeleted() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());
    namespace.take(channel.device(), "10.93.1.1/24");
    namespace.ip("link", "del", channel.device().name());

    assertThat(channel.closeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.device().currentName()).isNull();
  }

  @Test
  void shouldCloseWhenTheInterfaceIsDeletedWhileNobodyReads() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());
    stopReading(channel);
    TestNamespace.run("ip", "link", "del", channel.device().name());

    assertThat(channel.closeFuture().await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void shouldGiveBackABatchThatIsWrittenAfterTheEnd() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());
    EventLoop loop = channel.eventLoop();
    PacketBatch batch = loop.submit(() -> markedBatch(10)).get();
    channel.close().sync();

    ChannelFuture write = channel.writeAndFlush(batch).await();
    assertThat(write.isSuccess()).isFalse();
    assertThat(batch.refCnt()).isZero();
  }

  @Test
  void shouldGiveBackABatchThatIsNeverFlushed() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());
    PacketBatch batch = channel.eventLoop().submit(() -> markedBatch(10)).get();
    ChannelFuture write = channel.write(batch);
    channel.close().sync();

    assertThat(write.await().isSuccess()).isFalse();
    assertThat(batch.refCnt()).isZero();
  }

  @Test
  void shouldRefuseToWriteAnythingElse() throws Exception {
    TunChannel channel = start(new ChannelInboundHandlerAdapter());
    assertThat(channel.writeAndFlush("text").await().cause())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> channel.connect(new TunAddress("x")).sync())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void shouldReadOnlyWhenAskedWithoutAutoRead() throws Exception {
    var received = new Collector();
    TunChannel channel = start(received);
    stopReading(channel);
    namespace.take(channel.device(), "10.93.1.1/24");
    send("10.93.1.2", 1);
    awaitTurn(channel);
    assertThat(channel.packetsRead()).isZero();

    channel.read();
    assertThat(received.numbers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    awaitTurn(channel);
    send("10.93.1.2", 2);
    awaitTurn(channel);
    assertThat(received.numbers).isEmpty();

    channel.config().setAutoRead(true);
    assertThat(received.numbers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
  }

  /** On the loop, because elsewhere a read that is under way is still let happen. */
  private static void stopReading(TunChannel channel) throws Exception {
    channel.eventLoop().submit(() -> channel.config().setAutoRead(false)).sync();
  }

  /** Two tasks in a row: between them the loop has looked at its descriptors. */
  private static void awaitTurn(TunChannel channel) throws Exception {
    channel.eventLoop().submit(() -> {}).sync();
    channel.eventLoop().submit(() -> {}).sync();
  }

  @Test
  void shouldSurviveASupplierThatFails() throws Exception {
    var received = new Collector();
    var failures = new LinkedBlockingQueue<Throwable>();
    TunDevice device = TunDevice.open(TestNamespace.uniqueName());
    TunChannel channel =
        start(
            device,
            () -> {
              if (failures.isEmpty()) {
                throw new IllegalStateException("no batch to be had");
              }
              return pool.take();
            },
            new ChannelInboundHandlerAdapter() {
              @Override
              public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                failures.add(cause);
              }

              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                received.channelRead(context, message);
              }
            });
    namespace.take(device, "10.93.1.1/24");
    for (int i = 0; i < 3; i++) {
      send("10.93.1.2", i);
    }
    assertThat(received.numbers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    assertThat(failures).hasSize(1);
    assertThat(channel.isOpen()).isTrue();
  }

  private TunChannel start(ChannelInboundHandlerAdapter handler) throws Exception {
    return start(TunDevice.open(TestNamespace.uniqueName()), pool::take, handler);
  }

  private TunChannel start(
      TunDevice device,
      Supplier<? extends PacketBatch> batches,
      ChannelInboundHandlerAdapter handler)
      throws Exception {
    var channel = new TunChannel(device, batches);
    channel.pipeline().addLast(handler);
    group.register(channel).sync();
    return channel;
  }

  /** Batches belong to the loop: they are made there. */
  private static void writeOnLoop(TunChannel channel, Supplier<PacketBatch> batch)
      throws Exception {
    channel.writeAndFlush(channel.eventLoop().submit(batch::get).get()).sync();
  }

  /** Sends one datagram from the namespace towards the interface. */
  private void send(String destination, int number) {
    namespace.exec(
        "bash",
        "-c",
        "printf '\\0\\0\\0\\" + number + "' > /dev/udp/" + destination + "/" + MARKER_PORT);
  }

  /** UDP packets from 10.93.1.2 to 10.93.2.2 that carry their number. */
  private PacketBatch markedBatch(int packets) {
    PacketBatch batch = pool.take();
    for (int i = 0; i < packets; i++) {
      int length = HEADERS_BYTES + 4 + i;
      int at = batch.nextOffset();
      ByteBuffer b = batch.bytes();
      b.putShort(at, (short) 0x4500).putShort(at + 2, (short) length).putInt(at + 4, 0);
      b.put(at + 8, (byte) 64).put(at + 9, (byte) UDP).putShort(at + 10, (short) 0);
      b.putInt(at + 12, 0x0a5d0102).putInt(at + 16, 0x0a5d0202);
      b.putShort(at + 10, checksum(b, at, 20));
      b.putShort(at + 20, (short) MARKER_PORT).putShort(at + 22, (short) MARKER_PORT);
      b.putShort(at + 24, (short) (length - 20)).putShort(at + 26, (short) 0);
      b.putInt(at + HEADERS_BYTES, i);
      batch.add(length);
    }
    return batch;
  }

  private static short checksum(ByteBuffer b, int at, int length) {
    int sum = 0;
    for (int i = 0; i < length; i += 2) {
      sum += Short.toUnsignedInt(b.getShort(at + i));
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return (short) ~(sum + (sum >>> 16));
  }

  /** Collects the numbers of marked packets. */
  private static final class Collector extends ChannelInboundHandlerAdapter {
    final LinkedBlockingQueue<Integer> numbers = new LinkedBlockingQueue<>();

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      PacketBatch batch = (PacketBatch) message;
      for (int i = 0; i < batch.size(); i++) {
        int at = batch.offset(i);
        ByteBuffer b = batch.bytes();
        if (b.get(at + 9) == UDP && b.getShort(at + 22) == MARKER_PORT) {
          numbers.add(b.getInt(at + HEADERS_BYTES));
        }
      }
      batch.release();
    }
  }
}
