package io.wgnetty.relay;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.LocalAddress;
import io.wgnetty.protocol.Messages;
import io.wgnetty.tun.PacketBatchPool;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The way to and from other nodes, on a thread of its own. What is handed on goes to addresses of
 * the list alone; what comes is taken from them alone, and only with the cluster's MAC. A replay of
 * it does no more harm than one of the datagram itself: the session's window has seen it.
 */
public final class NodeRelay implements AutoCloseable {
  /** A jumbo frame. */
  static final int MAX_DATAGRAM_BYTES = 9216;

  /** In each direction: what a node does beside its own work. */
  static final int PER_SECOND = 50_000;

  /** Datagrams that may wait to be handed on. */
  private static final int MAX_WAITING = 1024;

  private static final int SOCKET_BYTES = 1 << 20;
  private static final long SHUTDOWN_SECONDS = 2;

  private final ShardPlace place;
  private final RelayKeys keys;
  private final LoopExchange loops;
  private final EventLoopGroup group;
  private final Blake2sState blake2s = new Blake2sState();
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(owner -> new TunnelBatch(PooledByteBufAllocator.DEFAULT, owner));
  private final @Nullable TunnelBatch[] collected;
  private final RelayBudget outgoing = new RelayBudget(PER_SECOND);
  private final RelayBudget incoming = new RelayBudget(PER_SECOND);
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder sent = new LongAdder();
  private final LongAdder received = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder misdirected = new LongAdder();
  private final LongAdder overload = new LongAdder();
  private final Channel channel;
  private volatile Map<Integer, InetSocketAddress> nodes = Map.of();

  private NodeRelay(
      String name, InetSocketAddress address, RelayKeys keys, ShardPlace place, LoopExchange loops)
      throws IOException {
    this.place = place;
    this.keys = keys;
    this.loops = loops;
    this.collected = new @Nullable TunnelBatch[loops.loops()];
    this.group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(name + "-relay", true), EpollIoHandler.newFactory());
    var bound =
        new Bootstrap()
            .group(group)
            .channel(EpollDatagramChannel.class)
            .option(ChannelOption.SO_RCVBUF, SOCKET_BYTES)
            .option(ChannelOption.SO_SNDBUF, SOCKET_BYTES)
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES + RelayMessage.OVERHEAD_BYTES + 1))
            .handler(new Receiver())
            .bind(address)
            .awaitUninterruptibly();
    this.channel = bound.channel();
    if (!bound.isSuccess()) {
      var unusedEnd = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw new IOException("cannot listen for other nodes at " + address, bound.cause());
    }
  }

  /**
   * Listens for other nodes, and knows none yet.
   *
   * @param name the interface's
   * @param place this node's number, and the bits of its shards
   * @param loops where the sessions are
   */
  public static NodeRelay open(
      String name, InetSocketAddress address, RelayKeys keys, ShardPlace place, LoopExchange loops)
      throws IOException {
    return new NodeRelay(name, address, keys, place, loops);
  }

  /** These are the other nodes from now on, by their numbers. Any thread. */
  public void setNodes(Map<Integer, InetSocketAddress> others) {
    nodes = Map.copyOf(others);
  }

  /**
   * Hands a datagram on to the node that has its session. Any loop's thread; waits for nothing.
   *
   * @return why it goes no further; {@code null} if it does
   */
  public @Nullable DropReason handOn(TunnelBatch batch, int index, int node) {
    InetSocketAddress to = nodes.get(node);
    if (to == null) {
      return DropReason.WRONG_NODE;
    }
    int length = batch.length(index);
    // A link-local address means something to this node alone.
    boolean isLocal =
        batch.source(index).isIpv6() && LocalAddress.isLinkLocal(batch.source(index).addressHigh());
    if (isLocal || length > MAX_DATAGRAM_BYTES || !outgoing.take(System.nanoTime())) {
      return DropReason.RELAY_LIMIT;
    }
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return DropReason.RELAY_LIMIT;
    }
    byte[] message =
        RelayMessage.of(
            place.node(),
            node,
            batch.source(index),
            batch.trafficClass(index),
            batch.bytes(),
            batch.offset(index),
            length);
    try {
      channel.eventLoop().execute(() -> send(message, to));
      return null;
    } catch (RejectedExecutionException e) {
      return DropReason.WRONG_NODE; // it is closing
    }
  }

  private void send(byte[] message, InetSocketAddress to) {
    waiting.decrementAndGet();
    RelayMessage.seal(message, blake2s, keys.datagrams());
    if (channel.isWritable()) {
      var unusedSent =
          channel.writeAndFlush(new DatagramPacket(Unpooled.wrappedBuffer(message), to));
      sent.increment();
    } else {
      overload.increment();
    }
  }

  /** What it has done so far. Any thread. */
  public RelayCounts counts() {
    return new RelayCounts(
        sent.sum(), received.sum(), refused.sum(), misdirected.sum(), overload.sum());
  }

  private final class Receiver extends SimpleChannelInboundHandler<DatagramPacket> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
      int length = packet.content().readableBytes();
      if (length > MAX_DATAGRAM_BYTES + RelayMessage.OVERHEAD_BYTES
          || !nodes.containsValue(packet.sender())) {
        refused.increment();
      } else if (!incoming.take(System.nanoTime())) {
        overload.increment();
      } else {
        byte[] message = new byte[length];
        packet.content().readBytes(message);
        take(message, packet.sender());
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      for (int owner = 0; owner < collected.length; owner++) {
        hand(owner);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      refused.increment(); // such as a port that is closed at another node
    }
  }

  private void take(byte[] message, InetSocketAddress sender) {
    RelayMessage relayed = RelayMessage.open(message, blake2s, keys.datagrams());
    if (relayed == null || !sender.equals(nodes.get(relayed.from()))) {
      refused.increment();
      return;
    }
    int index = receiverIndex(message, relayed);
    int owner = place.shardOf(index);
    // It is never handed on a second time.
    if (relayed.to() != place.node()
        || relayed.length() < Messages.MIN_TRANSPORT_BYTES
        || ShardPlace.nodeOf(index) != place.node()
        || owner >= collected.length) {
      misdirected.increment();
      return;
    }
    received.increment();
    TunnelBatch batch = collected[owner];
    if (batch != null && !batch.hasRoom(relayed.length())) {
      hand(owner);
      batch = null;
    }
    if (batch == null) {
      batch = pool.take();
      collected[owner] = batch;
    }
    batch.bytes().put(batch.nextOffset(), message, relayed.offset(), relayed.length());
    int at = batch.add(relayed.length());
    batch.setSource(at, relayed.source());
    batch.setTrafficClass(at, relayed.trafficClass());
  }

  /** The receiver's index of a transport message, a response or a cookie reply. */
  private static int receiverIndex(byte[] message, RelayMessage relayed) {
    ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
    if (relayed.length() < Messages.MIN_TRANSPORT_BYTES) {
      return 0;
    }
    int type = bytes.getInt(relayed.offset());
    int at =
        type == Messages.RESPONSE
            ? Messages.RESPONSE_RECEIVER_OFFSET
            : Messages.COOKIE_REPLY_RECEIVER_OFFSET; // where transport messages have it, too
    return bytes.getInt(relayed.offset() + at);
  }

  private void hand(int owner) {
    TunnelBatch batch = collected[owner];
    collected[owner] = null;
    if (batch != null && !loops.handInbound(owner, batch)) {
      overload.add(batch.size());
      batch.release();
    }
  }

  /** Nothing is handed on or taken any more. */
  @Override
  public void close() {
    nodes = Map.of();
    channel.close().awaitUninterruptibly();
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).awaitUninterruptibly();
    pool.close();
    keys.wipe();
  }
}
