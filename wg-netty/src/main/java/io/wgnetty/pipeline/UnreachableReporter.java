package io.wgnetty.pipeline;

import io.netty.channel.Channel;
import io.wgnetty.inner.IcmpUnreachable;
import io.wgnetty.tun.PacketBatchPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells local senders, by an ICMP error through the interface, that their packet has nowhere to go.
 */
final class UnreachableReporter {
  /** As the kernel limits its own ICMP errors by default: a burst, then one a millisecond. */
  private static final int BURST = 50;

  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final Channel tun;
  private final PacketBatchPool<TunnelBatch> pool;
  private final NanoClock clock;
  private @Nullable TunnelBatch reports;
  private long creditNs = BURST * INTERVAL_NS;
  private long lastNs;

  UnreachableReporter(Channel tun, PacketBatchPool<TunnelBatch> pool, NanoClock clock) {
    this.tun = tun;
    this.pool = pool;
    this.clock = clock;
    this.lastNs = clock.nowNs();
  }

  /** Prepares the answer to a packet. */
  void report(TunnelBatch batch, int index) {
    if (!takeCredit()) {
      return;
    }
    TunnelBatch open = reports;
    if (open == null) {
      open = pool.take();
      reports = open;
    }
    if (!open.hasRoom(IcmpUnreachable.MAX_BYTES)) {
      return;
    }
    int length =
        IcmpUnreachable.write(
            batch.bytes(),
            batch.offset(index),
            batch.length(index),
            open.bytes(),
            open.nextOffset());
    if (length > 0) {
      open.add(length);
    }
  }

  /** Sends the answers prepared so far. */
  @SuppressWarnings("FutureReturnValueIgnored") // void promise: a failure shows up in the pipeline
  void flush() {
    TunnelBatch open = reports;
    if (open != null) {
      reports = null;
      tun.writeAndFlush(open, tun.voidPromise());
    }
  }

  private boolean takeCredit() {
    long nowNs = clock.nowNs();
    creditNs = Math.min(BURST * INTERVAL_NS, creditNs + (nowNs - lastNs));
    lastNs = nowNs;
    if (creditNs < INTERVAL_NS) {
      return false;
    }
    creditNs -= INTERVAL_NS;
    return true;
  }
}
