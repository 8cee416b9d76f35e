package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Session;
import io.wgnetty.shard.PeerShard;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Seals packets (protocol 4.2 steps 4, 7, 8 and 9): see {@link Sealer}. The end of the batch of
 * packets: what goes on are the sealed datagrams.
 *
 * <p>Where the loop is behind it offers them to other loops, as {@link SealTask}s. These are passed
 * on in their order, at the latest when the loop has no more to read in this turn.
 */
final class TransportEncryptor extends ChannelInboundHandlerAdapter {
  private final SharedWork work;
  private final TaskRing<SealTask> ring;
  private final PeerShard shard;
  private final DatagramBatch datagrams;
  private final Runnable whenFull = this::passOwn;
  private final Runnable endOfTurn = this::finish;
  private final Consumer<SealTask> takeUp = this::takeUp;
  private @Nullable ChannelHandlerContext context;
  private boolean ends;

  /**
   * A stage.
   *
   * @param work the loop's cipher, and the others' help
   * @param shard where the verdicts of the packets are counted
   * @param datagrams the loop's, to be filled over and over
   */
  TransportEncryptor(SharedWork work, PeerShard shard, DatagramBatch datagrams) {
    this.work = work;
    this.ring = work.sealing();
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
      if (work.isShared(ring, batch)) {
        share(batch);
      } else {
        sealAlone(batch);
      }
      batch.countDrops(shard);
      sealed = true;
    } finally {
      batch.release();
      if (!sealed) {
        datagrams.clear(); // what is not sealed must not leave
      }
    }
    passOwn();
  }

  private void sealAlone(TunnelBatch batch) {
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      work.cipher().sealer().seal(batch, start, end, datagrams, whenFull);
      start = SessionRuns.start(batch, end);
    }
  }

  private void share(TunnelBatch batch) {
    finishSoon();
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SealTask.end(batch, start);
      if (end > start) {
        offer(batch, start, end);
      } else {
        end = start + 1;
        finish();
        work.cipher().sealer().seal(batch, start, end, datagrams, whenFull);
        passOwn();
      }
      start = SessionRuns.start(batch, end);
    }
  }

  private void offer(TunnelBatch batch, int start, int end) {
    work.takeUpDone(ring, takeUp);
    work.makeRoom(ring, takeUp);
    if (batch.session(start).isClosed()) { // by what was taken up
      for (int i = start; i < end; i++) {
        if (batch.isLive(i)) {
          batch.drop(i, DropReason.SESSION_ENDED);
        }
      }
      return;
    }
    ring.vacant().prepare(batch, start, end);
    work.offer(ring);
  }

  private void finishSoon() {
    if (!ends) {
      requireNonNull(context).executor().execute(endOfTurn);
      ends = true;
    }
  }

  private void finish() {
    ends = false;
    work.finish(ring, takeUp);
  }

  private void takeUp(SealTask task) {
    Throwable failure = task.failure();
    Session session = task.session();
    if (failure != null) {
      requireNonNull(context).fireExceptionCaught(failure);
    } else if (session.isClosed()) {
      shard.drops().count(DropReason.SESSION_ENDED, task.packets());
      session.peer().countDrops(DropReason.SESSION_ENDED, task.packets());
    } else {
      pass(task.datagrams());
    }
  }

  private void passOwn() {
    if (datagrams.size() > 0) {
      try {
        pass(datagrams);
      } finally {
        datagrams.clear();
      }
    }
  }

  private void pass(DatagramBatch sealed) {
    requireNonNull(context).fireChannelRead(sealed);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish();
    context.fireChannelInactive();
  }
}
