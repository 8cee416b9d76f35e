package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.shard.PeerShard;
import org.jspecify.annotations.Nullable;

/**
 * Seals packets (protocol 4.2 steps 4, 7, 8 and 9): see {@link Sealer}. The end of the batch of
 * packets: what goes on are the sealed datagrams.
 */
final class TransportEncryptor extends ChannelInboundHandlerAdapter {
  private final Sealer sealer;
  private final PeerShard shard;
  private final DatagramBatch datagrams;
  private final Runnable whenFull = this::pass;
  private @Nullable ChannelHandlerContext context;

  /**
   * A stage.
   *
   * @param sealer the loop's
   * @param shard where the verdicts of the packets are counted
   * @param datagrams the loop's, to be filled over and over
   */
  TransportEncryptor(Sealer sealer, PeerShard shard, DatagramBatch datagrams) {
    this.sealer = sealer;
    this.shard = shard;
    this.datagrams = datagrams;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    boolean sealed = false;
    try {
      int start = SessionRuns.start(batch, 0);
      while (start < batch.size()) {
        int end = SessionRuns.end(batch, start);
        sealer.seal(batch, start, end, datagrams, whenFull);
        start = SessionRuns.start(batch, end);
      }
      batch.countDrops(shard);
      sealed = true;
    } finally {
      batch.release();
      if (!sealed) {
        datagrams.clear(); // what is not sealed must not leave
      }
    }
    pass();
  }

  private void pass() {
    ChannelHandlerContext context = this.context;
    if (datagrams.size() > 0 && context != null) {
      try {
        context.fireChannelRead(datagrams);
      } finally {
        datagrams.clear();
      }
    }
  }
}
