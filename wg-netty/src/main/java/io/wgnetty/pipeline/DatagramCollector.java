package io.wgnetty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.tun.PacketBatchPool;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Turns the single datagrams that Netty's UDP channel brings into batches. The only stage that
 * knows that channel: one that brings batches by itself takes its place.
 */
final class DatagramCollector extends ChannelInboundHandlerAdapter {
  private final PacketBatchPool<TunnelBatch> pool;
  private @Nullable TunnelBatch batch;
  private @Nullable InetSocketAddress lastSender;
  private @Nullable Endpoint lastEndpoint;

  DatagramCollector(PacketBatchPool<TunnelBatch> pool) {
    this.pool = pool;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramPacket datagram = (DatagramPacket) message;
    try {
      collect(context, datagram.content(), datagram.sender());
    } finally {
      datagram.release();
    }
  }

  private void collect(ChannelHandlerContext context, ByteBuf content, InetSocketAddress sender) {
    int length = content.readableBytes();
    TunnelBatch open = batch;
    if (open != null && !open.hasRoom(length)) {
      pass(context, open);
      open = null;
    }
    if (open == null) {
      open = pool.take();
      batch = open;
    }
    content.getBytes(
        content.readerIndex(),
        open.bytes().duplicate().position(open.nextOffset()).limit(open.nextOffset() + length));
    int index = open.add(length);
    open.setSource(index, endpoint(sender));
  }

  /** Most datagrams come from the same place as the one before. */
  private Endpoint endpoint(InetSocketAddress sender) {
    Endpoint known = lastEndpoint;
    if (known != null && sender.equals(lastSender)) {
      return known;
    }
    Endpoint endpoint = Endpoint.of(sender);
    lastSender = sender;
    lastEndpoint = endpoint;
    return endpoint;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    TunnelBatch open = batch;
    if (open != null) {
      pass(context, open);
    }
    context.fireChannelReadComplete();
  }

  private void pass(ChannelHandlerContext context, TunnelBatch full) {
    batch = null;
    context.fireChannelRead(full);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    TunnelBatch open = batch;
    if (open != null) {
      batch = null;
      open.release();
    }
  }
}
