package io.wgnetty.tun;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the packets of a batch to a TUN queue, neighbours of one flow together where that is
 * allowed, and counts what is refused.
 */
final class TunWriter {
  private static final Logger log = LoggerFactory.getLogger(TunWriter.class);

  /** What the kernel did not take together may have been one odd packet: it is tried again. */
  static final long RETRY_NS = TimeUnit.MINUTES.toNanos(10);

  private static final int TCP_FLAGS = 13;

  private final PacketCalls calls;
  private final LongSupplier clockNs;
  private final int fd;
  private final int headerBytes;
  private final Runnable onFallback;
  private final Coalescer coalescer;
  private final MergedHeader merged = new MergedHeader();
  private final WriteVector vector = new WriteVector(PacketBatch.CAPACITY);
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong coalesced = new AtomicLong();
  private final AtomicLong fallbacks = new AtomicLong();
  private boolean fallenBack;
  private long retryNs;
  private boolean faultLogged;

  // Of the batch that is being written.
  private boolean attached;
  private int written;
  private int refused;
  private int writeCalls;
  private int together;

  TunWriter(TunDevice device, PacketCalls calls, Runnable onFallback) {
    this(
        device.fd(),
        device.hasVirtioHeader(),
        device.offloads(),
        calls,
        onFallback,
        System::nanoTime);
  }

  TunWriter(int fd, boolean hasVirtioHeader, TunOffloads offloads, PacketCalls calls) {
    this(fd, hasVirtioHeader, offloads, calls, () -> {}, System::nanoTime);
  }

  TunWriter(
      int fd,
      boolean hasVirtioHeader,
      TunOffloads offloads,
      PacketCalls calls,
      Runnable onFallback,
      LongSupplier clockNs) {
    this.calls = calls;
    this.onFallback = onFallback;
    this.clockNs = clockNs;
    this.fd = fd;
    this.headerBytes = hasVirtioHeader ? VirtioHeader.BYTES : 0;
    this.coalescer =
        new Coalescer(
            hasVirtioHeader && offloads.tcpCoalescing(),
            hasVirtioHeader && offloads.udpCoalescing());
  }

  /**
   * Writes what has a length; returns whether the interface is still there. Never throws: whatever
   * went wrong with a batch, the next one can be written.
   */
  boolean write(PacketBatch batch) {
    attached = true;
    written = 0;
    refused = 0;
    writeCalls = 0;
    together = 0;
    try {
      writeAll(batch);
    } catch (RuntimeException | Error e) {
      failed(batch, e);
    }
    add(packets, written);
    add(errors, refused);
    add(writes, writeCalls);
    add(coalesced, together);
    return attached;
  }

  private void writeAll(PacketBatch batch) {
    if (fallenBack && clockNs.getAsLong() - retryNs >= 0) {
      fallenBack = false;
      coalescer.switchOn();
    }
    if (batch.size() > 1 && coalescer.isOn()) {
      writeGroups(batch, coalescer.group(batch));
    } else {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.length(i) != 0) {
          writeAlone(batch, i);
        }
      }
    }
  }

  /** A defect of ours: what is left of the batch counts as refused. */
  private void failed(PacketBatch batch, Throwable defect) {
    int all = 0;
    for (int i = 0; i < batch.size(); i++) {
      all += batch.length(i) == 0 ? 0 : batch.segments(i);
    }
    refused = Math.max(refused, all - written);
    if (faultLogged) {
      log.debug("a batch could not be written", defect);
    } else {
      faultLogged = true; // it may come with every batch
      log.error("a batch could not be written, which is a defect; it is not told again", defect);
    }
  }

  private void writeGroups(PacketBatch batch, PacketGroups groups) {
    for (int group = 0; group < groups.size(); group++) {
      if (groups.count(group) == 1) {
        writeAlone(batch, groups.first(group));
      } else {
        writeTogether(batch, groups, group);
      }
    }
  }

  private void writeTogether(PacketBatch batch, PacketGroups groups, int group) {
    ByteBuffer b = batch.bytes();
    int first = groups.first(group);
    FlowKind kind = groups.kind(group);
    int flags =
        kind.isTcp()
            ? b.get(batch.offset(groups.last(group)) + kind.transportOffset() + TCP_FLAGS)
            : 0;
    int header = groups.headerBytes(group);
    merged.apply(
        batch,
        batch.offset(first),
        kind.transportOffset(),
        kind.protocol(),
        header,
        groups.segmentBytes(group),
        groups.totalBytes(group),
        flags);
    long slab = batch.address();
    vector.clear();
    vector.add(slab + batch.offset(first) - headerBytes, headerBytes + batch.length(first));
    for (int i = groups.following(first); i != PacketGroups.NONE; i = groups.following(i)) {
      vector.add(slab + batch.offset(i) + header, batch.length(i) - header);
    }
    int result = attached ? call(vector) : -Errno.EBADFD;
    if (result == -Errno.EINVAL) {
      merged.restore(b);
      writeApart(batch, groups, group);
    } else {
      count(result, groups.count(group));
      if (result >= 0) {
        together += groups.count(group);
      }
    }
  }

  /**
   * The kernel does not take a merged packet. If it takes its packets one by one, it is the merging
   * that it does not know: for some time it is not tried again.
   */
  private void writeApart(PacketBatch batch, PacketGroups groups, int group) {
    int before = written;
    for (int i = groups.first(group); i != PacketGroups.NONE; i = groups.following(i)) {
      writeAlone(batch, i);
    }
    if (written > before) {
      coalescer.switchOff(groups.kind(group));
      fallenBack = true;
      retryNs = clockNs.getAsLong() + RETRY_NS;
      add(fallbacks, 1);
      onFallback.run();
    }
  }

  private void writeAlone(PacketBatch batch, int packet) {
    int start = batch.offset(packet) - headerBytes;
    int length = batch.length(packet);
    boolean inSlab = // the kernel cannot know where our memory ends
        start >= 0 && length > 0 && length <= batch.slabBytes() - batch.offset(packet);
    if (!inSlab || !prepare(batch, packet, start)) {
      refused += batch.segments(packet);
    } else {
      int result = attached ? call(batch.address() + start, headerBytes + length) : -Errno.EBADFD;
      count(result, batch.segments(packet));
    }
  }

  /** Puts the virtio header before a packet; false if there is none that could stand there. */
  private boolean prepare(PacketBatch batch, int packet, int start) {
    if (batch.segmentBytes(packet) != 0) {
      return headerBytes != 0 && prepareSuper(batch, packet);
    }
    if (headerBytes != 0) {
      VirtioHeader.clear(batch.bytes(), start);
    }
    return true;
  }

  /** A super-packet that was read and not cut goes on as one. */
  private boolean prepareSuper(PacketBatch batch, int packet) {
    ByteBuffer b = batch.bytes();
    int at = batch.offset(packet);
    int length = batch.length(packet);
    int transport = TransportHeader.offset(b, at, length);
    if (batch.segmentBytes(packet) <= 0 || transport == TransportHeader.NONE) {
      return false;
    }
    int protocol = TransportHeader.protocol(b, at, transport);
    int header = TransportHeader.payloadOffset(b, at, length, transport, protocol);
    if (header == TransportHeader.NONE || header != batch.headerBytes(packet)) {
      return false;
    }
    merged.apply(batch, at, transport, protocol, header, batch.segmentBytes(packet), length, 0);
    return true;
  }

  private int call(long address, int lengthBytes) {
    writeCalls++;
    return calls.write(fd, address, lengthBytes);
  }

  private int call(WriteVector vector) {
    writeCalls++;
    return calls.writev(fd, vector.address(), vector.size());
  }

  private void count(int result, int stoodFor) {
    if (result >= 0) {
      written += stoodFor;
    } else {
      refused += stoodFor;
      attached = result != -Errno.EBADFD && result != -Errno.EBADF;
    }
  }

  private static void add(AtomicLong counter, int number) {
    if (number != 0) {
      counter.setRelease(counter.getPlain() + number); // only our loop writes
    }
  }

  /** Packets written so far, each that left together with others counted. */
  long packets() {
    return packets.getAcquire();
  }

  /** Packets that the kernel refused so far. */
  long errors() {
    return errors.getAcquire();
  }

  /** System calls so far. */
  long writes() {
    return writes.getAcquire();
  }

  /** Packets, out of {@link #packets()}, that left together with others. */
  long coalesced() {
    return coalesced.getAcquire();
  }

  /** How often the kernel refused a merged packet and took its packets one by one. */
  long fallbacks() {
    return fallbacks.getAcquire();
  }
}
