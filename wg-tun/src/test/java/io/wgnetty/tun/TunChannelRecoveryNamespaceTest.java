package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel over a real interface whose calls fail for a while: it lives, and goes on. */
@Tag("namespace")
class TunChannelRecoveryNamespaceTest {
  private static final int PATIENCE_SECONDS = 20;

  private static final class FailingCalls extends PacketCalls {
    private volatile int readErrno;
    private volatile boolean broken;
    private final AtomicInteger reads = new AtomicInteger();

    @Override
    int read(int fd, long address, int lengthBytes) {
      reads.incrementAndGet();
      return readErrno != 0 ? -readErrno : super.read(fd, address, lengthBytes);
    }

    @Override
    int write(int fd, long address, int lengthBytes) {
      if (broken) {
        throw new IllegalStateException("a defect");
      }
      return super.write(fd, address, lengthBytes);
    }
  }

  private final FailingCalls calls = new FailingCalls();
  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final TestNamespace namespace = new TestNamespace();
  private final LinkedBlockingQueue<Integer> received = new LinkedBlockingQueue<>();
  private final PacketBatchPool<PacketBatch> pool =
      new PacketBatchPool<>(
          owner -> new PacketBatch(io.netty.buffer.UnpooledByteBufAllocator.DEFAULT, owner) {});
  private TunChannel channel;

  @BeforeEach
  void open() throws Exception {
    TunDevice device = TunDevice.open(TestNamespace.uniqueName());
    channel = new TunChannel(device, pool::take, () -> {}, calls);
    channel
        .pipeline()
        .addLast(
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                PacketBatch batch = (PacketBatch) message;
                received.add(batch.size());
                batch.release();
              }
            });
    group.register(channel).sync();
    namespace.take(device, "10.93.1.1/24");
  }

  @AfterEach
  void close() throws Exception {
    channel.close().sync();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
    pool.close();
    namespace.close();
  }

  private void write() throws Exception {
    PacketBatch batch =
        channel
            .eventLoop()
            .submit(
                () -> {
                  PacketBatch one = pool.take();
                  TestBatches.add(one, TestPacket.udp4(TestPacket.pattern(20, 1)).bytes());
                  return one;
                })
            .get();
    channel.writeAndFlush(batch).sync();
  }

  @Test
  void shouldStayOpenWhenWritingABatchIsADefect() throws Exception {
    calls.broken = true;
    write();
    write();
    assertThat(channel.writeErrors()).isEqualTo(2);
    assertThat(channel.isOpen()).isTrue();
    calls.broken = false;
    write();
    assertThat(channel.packetsWritten()).isEqualTo(1);
    assertThat(channel.closeFuture().isDone()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 12, 16, 105}) // EIO, ENOMEM, EBUSY, ENOBUFS
  void shouldPauseWhileReadingFailsAndThenGoOn(int errno) throws Exception {
    calls.readErrno = errno;
    namespace.exec("bash", "-c", "echo > /dev/udp/10.93.1.2/4711");
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (channel.readPauses() < 3 && System.nanoTime() < deadlineNs) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
    assertThat(channel.readPauses()).isGreaterThanOrEqualTo(3);
    assertThat((long) calls.reads.get())
        .as("no busy loop")
        .isLessThanOrEqualTo((channel.readPauses() + 1) * 4 * ReadFailures.MAX_IN_A_ROW);
    received.clear();
    calls.readErrno = 0;
    assertThat(received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    assertThat(channel.isOpen()).isTrue();
  }
}
