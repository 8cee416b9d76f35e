package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.peer.DropCounters;
import io.wgnetty.peer.DropReason;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Behind the last stage of either chain: a datagram that the network refused is counted. Anything
 * else that gets here is a defect of ours, and is logged as one, once for each kind.
 */
final class FaultCounter extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FaultCounter.class);

  private final DropCounters drops;
  private String lastLogged = "";

  FaultCounter(DropCounters drops) {
    this.drops = drops;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    boolean refused = cause instanceof IOException;
    if (refused) {
      drops.count(DropReason.UDP_REFUSED);
    }
    String kind = String.valueOf(cause);
    if (kind.equals(lastLogged)) {
      return; // it may be one for each packet
    }
    lastLogged = kind;
    if (refused) {
      LOG.debug("the network refused a datagram: {}", cause.getMessage());
    } else {
      LOG.error("unexpected fault in a chain", cause);
    }
  }
}
