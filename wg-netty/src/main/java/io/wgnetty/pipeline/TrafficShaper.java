package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.counters.DropReason;
import io.wgnetty.inner.Ecn;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.LimitedFlow;
import io.wgnetty.limit.PeerFlows;
import io.wgnetty.peer.Peer;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.PacketBatchPool;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps peers to their limits, in one direction: what is too early waits here, for {@link
 * LimitedFlow} to say when and how long. Peers without a limit are not looked at before one has
 * any.
 */
abstract class TrafficShaper extends ChannelInboundHandlerAdapter {
  /**
   * How often is looked for packets whose turn has come: well below what a flow may send at once.
   */
  static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final PeerShard shard;
  private final NanoClock clock;
  private final PacketBatchPool<TunnelBatch> pool;
  private final Map<FlowTerms.Cause, DropReason> reasons;
  private final PacketCopies copies = new PacketCopies();
  private final WaitingFlows waiting = new WaitingFlows();
  private LostPackets lost = LostPackets.UNSEEN;
  private boolean ticking;

  private TrafficShaper(
      PeerShard shard,
      NanoClock clock,
      PacketBatchPool<TunnelBatch> pool,
      Map<FlowTerms.Cause, DropReason> reasons) {
    this.shard = shard;
    this.clock = clock;
    this.pool = pool;
    this.reasons = new EnumMap<>(reasons);
  }

  /** For what peers send. */
  static TrafficShaper inbound(
      PeerShard shard, NanoClock clock, PacketBatchPool<TunnelBatch> pool) {
    return new TrafficShaper(
        shard,
        clock,
        pool,
        Map.of(
            FlowTerms.Cause.LIMIT, DropReason.RECEIVE_LIMIT,
            FlowTerms.Cause.GROUP_LIMIT, DropReason.RECEIVE_GROUP_LIMIT,
            FlowTerms.Cause.QUOTA, DropReason.RECEIVE_QUOTA)) {
      @Override
      @Nullable Peer peerOf(TunnelBatch batch, int index) {
        return batch.session(index).peer();
      }

      @Override
      LimitedFlow flowOf(PeerFlows flows) {
        return flows.in();
      }
    };
  }

  /**
   * For what is sent to peers. Before the packets get their counters: what waits must not hold a
   * session's. Packets of a peer without session pass, to wait for that first; they come again.
   */
  static TrafficShaper outbound(
      PeerShard shard, NanoClock clock, PacketBatchPool<TunnelBatch> pool) {
    return new TrafficShaper(
        shard,
        clock,
        pool,
        Map.of(
            FlowTerms.Cause.LIMIT, DropReason.SEND_LIMIT,
            FlowTerms.Cause.GROUP_LIMIT, DropReason.SEND_GROUP_LIMIT,
            FlowTerms.Cause.QUOTA, DropReason.SEND_QUOTA)) {
      @Override
      @Nullable Peer peerOf(TunnelBatch batch, int index) {
        Peer peer = batch.peer(index);
        return peer == null || peer.currentSession() == null ? null : peer;
      }

      @Override
      LimitedFlow flowOf(PeerFlows flows) {
        return flows.out();
      }
    };
  }

  /** Who is shown packets that are dropped outside of their batch; {@code null} for nobody. */
  void watch(@Nullable LostPackets watcher) {
    lost = watcher == null ? LostPackets.UNSEEN : watcher;
  }

  /** Whose limit a live packet is charged to. */
  abstract @Nullable Peer peerOf(TunnelBatch batch, int index);

  abstract LimitedFlow flowOf(PeerFlows flows);

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    if (shard.state().limitsPeers()) {
      boolean judged = false;
      try {
        judge(batch);
        judged = true;
      } finally {
        if (!judged) {
          batch.release();
        }
      }
      tickSoon(context);
    }
    context.fireChannelRead(batch);
  }

  private void judge(TunnelBatch batch) {
    long nowNs = clock.nowNs();
    for (int i = 0; i < batch.size(); i++) {
      Peer peer = batch.isLive(i) ? peerOf(batch, i) : null;
      PeerFlows flows = peer == null ? null : peer.flows();
      if (peer != null && flows != null) {
        judge(batch, i, peer, flowOf(flows), nowNs);
      }
    }
  }

  private void judge(TunnelBatch batch, int index, Peer peer, LimitedFlow flow, long nowNs) {
    int segments = batch.segments(index);
    int bytes = batch.length(index) + (segments - 1) * batch.headerBytes(index);
    LimitedFlow.Verdict verdict = flow.offer(nowNs, bytes, segments);
    if (verdict == LimitedFlow.Verdict.PASS) {
      return;
    }
    if (segments == 1 && verdict == LimitedFlow.Verdict.DROP) {
      batch.drop(index, reason(flow));
      tell(peer, flow, nowNs);
      return;
    }
    // Of a super-packet goes on what has room.
    for (byte[] packet : copies.of(batch, index)) {
      hold(packet, peer, flow, nowNs);
    }
    batch.finish(index);
  }

  private void hold(byte[] packet, Peer peer, LimitedFlow flow, long nowNs) {
    if (flow.offer(nowNs, packet.length, 1) == LimitedFlow.Verdict.DROP) {
      shard.countDrop(reason(flow), peer);
      lost.lost(packet, reason(flow), peer);
      tell(peer, flow, nowNs);
      return;
    }
    if (flow.held() == 0) {
      waiting.add(peer, flow);
    }
    flow.hold(packet, nowNs);
  }

  private DropReason reason(LimitedFlow flow) {
    return reasons.getOrDefault(flow.cause(), DropReason.SEND_LIMIT);
  }

  private void tell(Peer peer, LimitedFlow flow, long nowNs) {
    if (flow.droppedAfterPause(nowNs)) {
      shard.events().limitReached(peer, reason(flow));
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a tick tells of its failure itself
  private void tickSoon(ChannelHandlerContext context) {
    if (!ticking && !waiting.isEmpty()) {
      ticking = true;
      context.executor().schedule(() -> tick(context), TICK_NS, TimeUnit.NANOSECONDS);
    }
  }

  private void tick(ChannelHandlerContext context) {
    ticking = false;
    if (context.isRemoved()) {
      return;
    }
    try {
      release(context, false);
    } catch (RuntimeException e) {
      context.fireExceptionCaught(e);
    }
    tickSoon(context);
  }

  /** Lets go on whose turn has come, or all. */
  private void release(ChannelHandlerContext context, boolean all) {
    var released = new Release(context);
    waiting.release(clock.nowNs(), all, released);
    released.end();
  }

  /** What goes on by one tick, in batches. */
  private final class Release implements WaitingFlows.Sink {
    private final ChannelHandlerContext context;
    private @Nullable TunnelBatch batch;

    Release(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void take(Peer peer, LimitedFlow flow, byte[] packet) {
      if (peer.isAdopted()) {
        TunnelBatch roomy = roomy(context, batch);
        batch = roomy;
        append(roomy, peer, packet, flow.isToBeMarked());
      } else {
        DropReason reason = reason(flow); // it was removed meanwhile
        shard.countDrop(reason, null);
        lost.lost(packet, reason, peer);
      }
    }

    void end() {
      if (batch != null) {
        context.fireChannelRead(batch);
      }
    }
  }

  private TunnelBatch roomy(ChannelHandlerContext context, @Nullable TunnelBatch batch) {
    if (batch != null && batch.hasRoom()) {
      return batch;
    }
    if (batch != null) {
      context.fireChannelRead(batch);
    }
    return pool.take();
  }

  private static void append(TunnelBatch batch, Peer peer, byte[] packet, boolean marked) {
    int offset = batch.nextOffset();
    batch.bytes().put(offset, packet);
    int index = batch.add(packet.length);
    batch.setPeer(index, peer);
    if (marked) {
      Ecn.decapsulate(batch.bytes(), offset, Ecn.CE);
    }
  }

  /**
   * Sockets are exchanged: what waits goes on at once, since nothing else will come through here.
   */
  @Override
  public void channelInactive(ChannelHandlerContext context) {
    release(context, true);
    context.fireChannelInactive();
  }
}
