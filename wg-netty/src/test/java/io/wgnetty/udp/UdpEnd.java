package io.wgnetty.udp;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.TestSession;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A UDP channel on an event loop of its own, with all that it received. */
final class UdpEnd implements AutoCloseable {
  static final int PATIENCE_SECONDS = 20;

  /** A datagram as it came. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Received(byte[] content, Endpoint source, int trafficClass) {}

  /** A datagram as it is to go. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Outgoing(byte[] content, Endpoint destination, int trafficClass) {}

  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
  final BlockingQueue<Integer> batchSizes = new LinkedBlockingQueue<>();
  final DropCounters drops = new DropCounters();
  final UdpChannel channel;
  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final Map<Endpoint, Session> sessions = new ConcurrentHashMap<>();

  UdpEnd(boolean ipv6) throws IOException {
    this(ipv6, UdpSettings.DEFAULT);
  }

  UdpEnd(boolean ipv6, UdpSettings settings) throws IOException {
    this(
        UdpSocket.open(ipv6, 0, settings),
        new NativeDatagramCalls(),
        UdpReceiver.MAX_MESSAGE_BYTES);
  }

  UdpEnd(UdpSocket socket, DatagramCalls calls, int maxMessageBytes) {
    channel = new UdpChannel(socket, allocator, drops, calls, maxMessageBytes);
    channel.pipeline().addLast(new Collector());
    group.register(channel).syncUninterruptibly();
  }

  /** Where it is for others on this host. */
  Endpoint place() {
    return place(channel.socket().isIpv6() ? "::1" : "127.0.0.1");
  }

  Endpoint place(String address) {
    return Endpoint.of(IpText.parse(address), channel.socket().port(), 0);
  }

  /** The session of messages to this endpoint. */
  Session session(Endpoint endpoint) {
    return sessions.computeIfAbsent(endpoint, TestSession::with);
  }

  <T> T onLoop(Callable<T> task) {
    return group.next().submit(task).syncUninterruptibly().getNow();
  }

  /** Sends datagrams as one batch; returns which messages of it were refused. */
  List<Integer> send(List<Outgoing> datagrams) {
    return onLoop(
        () -> {
          DatagramBatch batch = batch(datagrams);
          channel.send(batch);
          List<Integer> refused = new ArrayList<>();
          for (int i = 0; i < batch.size(); i++) {
            if (batch.isRefused(i)) {
              refused.add(i);
            }
          }
          batch.close();
          return refused;
        });
  }

  DatagramBatch batch(List<Outgoing> datagrams) {
    DatagramBatch batch = new DatagramBatch(allocator);
    for (Outgoing datagram : datagrams) {
      byte[] content = datagram.content();
      assertThat(batch.hasRoom(content.length)).as("room in the batch of a test").isTrue();
      batch.bytes().put(batch.nextOffset(), content);
      Endpoint destination = datagram.destination();
      batch.add(content.length, session(destination), datagram.trafficClass(), true);
      batch.setDestination(batch.size() - 1, destination);
    }
    return batch;
  }

  /** Lets the loop do nothing until the latch is released. */
  CountDownLatch hold() {
    CountDownLatch latch = new CountDownLatch(1);
    group
        .next()
        .execute(
            () -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    return latch;
  }

  Received next() throws InterruptedException {
    return requireNonNull(
        received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "a datagram that did not come");
  }

  long malformed() {
    return onLoop(() -> drops.of(DropReason.MALFORMED_MESSAGE));
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    assertThat(allocator.metric().usedDirectMemory()).as("leaked bytes").isZero();
  }

  private final class Collector extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      TunnelBatch batch = (TunnelBatch) message;
      batchSizes.add(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        byte[] content = new byte[batch.length(i)];
        batch.bytes().get(batch.offset(i), content);
        received.add(new Received(content, batch.source(i), batch.trafficClass(i)));
      }
      batch.release();
    }
  }
}
