package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;

import io.wgnetty.inner.Padding;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Neighbouring packets of one session that are to be sealed, whose counters are taken already; a
 * super-packet is never divided.
 */
final class SealTask extends SharedTask {
  /** What its datagrams take: a super-packet of ordinary segments. */
  static final int SLAB_BYTES = 80 * 1024;

  private final Supplier<DatagramBatch> memory;
  private @Nullable DatagramBatch datagrams;
  private @Nullable TunnelBatch batch;
  private @Nullable Session session;
  private int start;
  private int end;

  /**
   * A task for many uses.
   *
   * @param memory gives an empty batch of {@link #SLAB_BYTES}, when the task is first used
   */
  SealTask(Supplier<DatagramBatch> memory) {
    this.memory = memory;
  }

  /**
   * Behind the last of the packets from the live one at {@code start} on that make one task; {@code
   * start} if that packet alone is too much.
   */
  static int end(TunnelBatch batch, int start) {
    Session session = batch.session(start);
    long bytes = 0;
    int datagrams = 0;
    int index = start;
    while (index < batch.size()) {
      if (batch.isLive(index)) {
        bytes += sealedBytes(batch, index);
        datagrams += batch.segments(index);
        if (bytes > SLAB_BYTES
            || datagrams > DatagramBatch.CAPACITY
            || batch.session(index) != session) {
          break;
        }
      }
      index++;
    }
    return index;
  }

  /** What a packet's datagrams take at most, as if its last segment were as long as the others. */
  private static long sealedBytes(TunnelBatch batch, int index) {
    int overhead = Padding.MULTIPLE + Messages.TRANSPORT_OVERHEAD_BYTES;
    int segmentBytes = batch.segmentBytes(index);
    return segmentBytes == 0
        ? batch.length(index) + overhead
        : (long) batch.segments(index) * (batch.headerBytes(index) + segmentBytes + overhead);
  }

  /** Owner: makes it the task to seal these packets, which stay where they are until it is over. */
  void prepare(TunnelBatch packets, int from, int to) {
    if (datagrams == null) {
      datagrams = memory.get();
    }
    Session itsSession = packets.session(from);
    itsSession.hold();
    session = itsSession;
    packets.retain();
    batch = packets;
    start = from;
    end = to;
  }

  @Override
  void work(LoopCipher cipher) {
    cipher.sealer().seal(requireNonNull(batch), start, end, datagrams(), SealTask::refuse);
  }

  private static void refuse() {
    throw new IllegalStateException("there are more datagrams than was reckoned");
  }

  /** What came of it; of no use if it failed. */
  DatagramBatch datagrams() {
    return requireNonNull(datagrams);
  }

  Session session() {
    return requireNonNull(session);
  }

  /** How many packets they are to the other side. */
  int packets() {
    TunnelBatch packets = requireNonNull(batch);
    int count = 0;
    for (int i = start; i < end; i++) {
      count += packets.isLive(i) ? packets.segments(i) : 0;
    }
    return count;
  }

  @Override
  void finish() {
    datagrams().clear();
    session().letGo();
    session = null;
    requireNonNull(batch).release();
    batch = null;
  }

  /** Owner, at the end: gives the memory back. */
  void free() {
    if (datagrams != null) {
      datagrams.close();
      datagrams = null;
    }
  }
}
