package io.wgnetty.device;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.pipeline.TunnelBatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * How fast a socket of strangers is read. A single caller is served at once. Where several come,
 * once a millisecond, so that a turn finds a dozen and its cookies leave with one call. A whole
 * fleet that calls at once is read as fast as it comes, as long as the workers may take what it
 * sends; if not, what comes faster than that stays in the kernel, which drops it for nothing.
 */
final class IntakePace extends ChannelInboundHandlerAdapter {
  /** Datagrams of one turn that are a crowd. */
  private static final int CROWD = 2;

  /** Of one turn: more may be there. */
  private static final int FLEET = 64;

  static final long REST_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final UdpSockets udp;
  private final LongConsumer rest;
  private final BooleanSupplier isOpenToAll;
  private int datagrams;

  /**
   * The pace of one socket.
   *
   * @param udp where the answers to one turn are collected
   * @param rest has the socket not read for so many nanoseconds
   * @param isOpenToAll tells after each turn whether the workers take initiations of anybody
   *     without more ado
   */
  IntakePace(UdpSockets udp, LongConsumer rest, BooleanSupplier isOpenToAll) {
    this.udp = udp;
    this.rest = rest;
    this.isOpenToAll = isOpenToAll;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object batch) {
    datagrams += ((TunnelBatch) batch).size();
    udp.collect();
    context.fireChannelRead(batch);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    udp.sendCollected();
    boolean openToAll = isOpenToAll.getAsBoolean();
    if (datagrams >= CROWD && !(openToAll && datagrams >= FLEET)) {
      rest.accept(REST_NS);
    }
    datagrams = 0;
    context.fireChannelReadComplete();
  }
}
