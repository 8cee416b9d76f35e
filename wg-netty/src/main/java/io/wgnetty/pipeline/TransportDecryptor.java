package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.counters.DropReason;
import io.wgnetty.protocol.ReplayWindow;
import java.util.function.Consumer;

/**
 * Opens transport messages in place (protocol 4.1 step 5): see {@link Opener}. A message that is
 * not authentic changes no state at all.
 *
 * <p>What the replay window has refused for ever is not opened: a flood of recorded messages costs
 * a look each. Whether a counter is new is decided behind this, by the {@link ReplayFilter}.
 *
 * <p>Where the loop is behind it offers messages to other loops, as {@link OpenTask}s. A batch goes
 * on when all its messages are opened and all batches before it have gone on, at the latest when
 * the loop has no more to read in this turn.
 */
final class TransportDecryptor extends ChannelInboundHandlerAdapter {
  private final SharedWork work;
  private final TaskRing<OpenTask> ring;
  private final Runnable endOfTurn = this::finish;
  private final Consumer<OpenTask> takeUp = this::takeUp;
  private boolean ends;

  TransportDecryptor(SharedWork work) {
    this.work = work;
    this.ring = work.opening();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    boolean goesOn = false;
    boolean done = false;
    try {
      if (work.isShared(ring, batch)) {
        goesOn = !share(batch, context);
      } else {
        openAlone(batch);
        goesOn = true;
      }
      done = true;
    } finally {
      if (!done) {
        batch.release(); // also after an Error: nobody else will
      }
    }
    if (goesOn) {
      context.fireChannelRead(batch);
    }
  }

  private void openAlone(TunnelBatch batch) {
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      dropReplays(batch, start, end);
      work.cipher().opener().open(batch, start, end);
      start = SessionRuns.start(batch, end);
    }
  }

  /** Returns whether any task has been offered, the last of which takes the batch along. */
  private boolean share(TunnelBatch batch, ChannelHandlerContext context) {
    finishSoon(context);
    // Only now, when none of the ring's tasks is of this batch, which has to stay until all are.
    work.takeUpDone(ring, takeUp);
    boolean offered = false;
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = OpenTask.end(batch, start);
      dropReplays(batch, start, end);
      int first = SessionRuns.start(batch, start);
      if (first < end) {
        offered |= offer(batch, first, end, context);
      }
      start = SessionRuns.start(batch, end);
    }
    return offered;
  }

  private boolean offer(TunnelBatch batch, int start, int end, ChannelHandlerContext context) {
    work.makeRoom(ring, takeUp);
    // Asked after that: what was taken up may have ended it.
    if (batch.session(start).isClosed()) {
      for (int i = start; i < end; i++) {
        if (batch.isLive(i)) {
          batch.drop(i, DropReason.SESSION_EXPIRED);
        }
      }
      return false;
    }
    ring.vacant().prepare(batch, start, end, context);
    work.offer(ring);
    return true;
  }

  private static void dropReplays(TunnelBatch batch, int start, int end) {
    ReplayWindow window = batch.session(start).replayWindow();
    for (int i = start; i < end; i++) {
      if (batch.isLive(i) && !window.wouldAccept(batch.counter(i))) {
        batch.drop(i, DropReason.REPLAYED);
      }
    }
  }

  private void finishSoon(ChannelHandlerContext context) {
    if (!ends) {
      context.executor().execute(endOfTurn);
      ends = true;
    }
  }

  private void finish() {
    ends = false;
    work.finish(ring, takeUp);
  }

  private void takeUp(OpenTask task) {
    Throwable failure = task.failure();
    if (failure != null) {
      task.abandonAll();
      task.chain().fireExceptionCaught(failure);
    } else if (task.session().isClosed()) {
      task.dropAll(DropReason.SESSION_EXPIRED);
    }
    if (work.isLastOfItsBatch(task)) {
      task.chain().fireChannelRead(task.batch());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    finish();
    context.fireChannelInactive();
  }
}
