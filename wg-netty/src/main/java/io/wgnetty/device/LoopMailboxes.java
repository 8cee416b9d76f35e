package io.wgnetty.device;

import io.wgnetty.counters.DropReason;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.relay.NodeRelay;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The ways between an interface's loops: batches travel as tasks, a bounded number at a time. */
final class LoopMailboxes implements LoopExchange {
  /**
   * Batches that may wait for one loop. What is beyond it would wait longer than a sender of the
   * inner flow does, and each holds a quarter of a MiB.
   */
  private static final int MAX_WAITING = 64;

  /** The same for answers to handshakes: there are few, unless somebody makes them up. */
  private static final int MAX_ANSWERS_WAITING = 8;

  private final AtomicInteger[] waiting;
  private final AtomicInteger[] answersWaiting;
  private final LongAdder[] outbound;
  private final LongAdder[] inbound;
  private volatile List<DataLoop> loops = List.of();
  private volatile @Nullable NodeRelay relay;

  LoopMailboxes(int count) {
    waiting = Stream.generate(AtomicInteger::new).limit(count).toArray(AtomicInteger[]::new);
    answersWaiting = Stream.generate(AtomicInteger::new).limit(count).toArray(AtomicInteger[]::new);
    outbound = Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
    inbound = Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
  }

  /** These are the loops: until then nothing is handed over. */
  void connect(List<DataLoop> all) {
    loops = List.copyOf(all);
  }

  /** This is the way to other nodes. */
  void setRelay(NodeRelay way) {
    relay = way;
  }

  @Override
  public @Nullable DropReason handOn(TunnelBatch batch, int index, int node) {
    NodeRelay way = relay;
    return way == null ? DropReason.WRONG_NODE : way.handOn(batch, index, node);
  }

  /** What other loops have brought to this one. */
  HandedOver handedOverTo(int owner) {
    return new HandedOver(outbound[owner].sum(), inbound[owner].sum());
  }

  /** All that was handed over. */
  HandedOver handedOver() {
    HandedOver sum = new HandedOver(0, 0);
    for (int owner = 0; owner < waiting.length; owner++) {
      sum = sum.plus(handedOverTo(owner));
    }
    return sum;
  }

  /** Batches that wait for this loop. */
  int waitingFor(int owner) {
    return waiting[owner].get() + answersWaiting[owner].get();
  }

  @Override
  public int loops() {
    return waiting.length;
  }

  @Override
  public boolean handOutbound(int owner, TunnelBatch batch) {
    int packets = batch.size();
    if (!hand(owner, batch, waiting[owner], MAX_WAITING, DataLoop::enterOutbound)) {
      return false;
    }
    outbound[owner].add(packets);
    return true;
  }

  @Override
  public boolean handInbound(int owner, TunnelBatch batch) {
    return handDatagrams(owner, batch, waiting[owner], MAX_WAITING);
  }

  @Override
  public boolean handAnswers(int owner, TunnelBatch batch) {
    return handDatagrams(owner, batch, answersWaiting[owner], MAX_ANSWERS_WAITING);
  }

  private boolean handDatagrams(int owner, TunnelBatch batch, AtomicInteger mailbox, int limit) {
    int datagrams = batch.size();
    if (!hand(owner, batch, mailbox, limit, DataLoop::enterInbound)) {
      return false;
    }
    inbound[owner].add(datagrams);
    return true;
  }

  private boolean hand(
      int owner,
      TunnelBatch batch,
      AtomicInteger mailbox,
      int limit,
      BiConsumer<DataLoop, TunnelBatch> entry) {
    List<DataLoop> known = loops;
    if (owner >= known.size()) {
      return false;
    }
    if (mailbox.incrementAndGet() > limit) {
      mailbox.decrementAndGet();
      return false;
    }
    DataLoop loop = known.get(owner);
    try {
      loop.eventLoop()
          .execute(
              () -> {
                mailbox.decrementAndGet();
                entry.accept(loop, batch);
              });
      return true;
    } catch (RejectedExecutionException e) {
      mailbox.decrementAndGet(); // the interface is closing
      return false;
    }
  }
}
