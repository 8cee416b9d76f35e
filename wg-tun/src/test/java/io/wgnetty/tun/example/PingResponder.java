package io.wgnetty.tun.example;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.wgnetty.tun.PacketBatch;
import io.wgnetty.tun.PacketBatchPool;
import io.wgnetty.tun.TunChannel;
import io.wgnetty.tun.TunDevice;
import java.nio.ByteBuffer;

/**
 * An interface on which every IPv4 address answers pings. Run it as root, then: {@code ip addr add
 * 10.9.0.1/24 dev ping0; ip link set ping0 up; ping 10.9.0.2}.
 */
public final class PingResponder extends ChannelInboundHandlerAdapter {
  private static final int ICMP = 1;
  private static final int ECHO_REQUEST = 8;

  public static void main(String[] args) throws Exception {
    var group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (var pool = newPool()) {
      start(TunDevice.open(args.length > 0 ? args[0] : "ping0"), pool, group).closeFuture().sync();
    } finally {
      group.shutdownGracefully().sync();
    }
  }

  public static TunChannel start(
      TunDevice device, PacketBatchPool<PacketBatch> pool, EventLoopGroup group) throws Exception {
    var channel = new TunChannel(device, pool::take);
    channel.pipeline().addLast(new PingResponder());
    group.register(channel).sync();
    return channel;
  }

  public static PacketBatchPool<PacketBatch> newPool() {
    return new PacketBatchPool<>(pool -> new PacketBatch(PooledByteBufAllocator.DEFAULT, pool) {});
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // a packet that is lost is lost, as on any link
  public void channelRead(ChannelHandlerContext context, Object message) {
    PacketBatch batch = (PacketBatch) message;
    for (int i = 0; i < batch.size(); i++) {
      if (!answer(batch.bytes(), batch.offset(i), batch.length(i))) {
        batch.setBounds(i, batch.offset(i), 0); // written by nobody
      }
    }
    context.write(batch, context.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  /** Turns an echo request into its reply, in place; false if it is something else. */
  private static boolean answer(ByteBuffer b, int at, int length) {
    int icmp = at + (b.get(at) & 0x0f) * 4;
    if (length < 28 || (b.get(at) >> 4) != 4 || b.get(at + 9) != ICMP) {
      return false;
    }
    if (icmp + 8 > at + length || b.get(icmp) != ECHO_REQUEST) {
      return false;
    }
    int source = b.getInt(at + 12);
    b.putInt(at + 12, b.getInt(at + 16)).putInt(at + 16, source);
    b.put(icmp, (byte) 0); // echo reply: type 8 less, so the sum's complement is 0x0800 more
    int sum = Short.toUnsignedInt(b.getShort(icmp + 2)) + (ECHO_REQUEST << 8);
    b.putShort(icmp + 2, (short) (sum + (sum >>> 16)));
    return true;
  }
}
