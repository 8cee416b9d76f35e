package io.wgnetty.tun;

import io.netty.channel.ChannelPipeline;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Fills batches from a TUN queue. Each packet is read to the place in the slab where it stays, its
 * virtio header into the headroom before it; what the kernel left to do on it is then done or, for
 * a super-packet, noted in the batch.
 */
final class TunReader {
  /** How a batch ended. */
  enum Outcome {
    /** It was full: there may be more. */
    MORE,
    /** The queue is empty. */
    DRAINED,
    /** The kernel reported an error: of one packet, which it has dropped, or of its own. */
    FAILED,
    /** The interface is gone. */
    DETACHED
  }

  private final PacketCalls system;
  private final Supplier<? extends PacketBatch> batches;
  private final int fd;
  private final int headerBytes;
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();

  TunReader(TunDevice device, PacketCalls calls, Supplier<? extends PacketBatch> batches) {
    this(device.fd(), device.hasVirtioHeader(), calls, batches);
  }

  TunReader(
      int fd, boolean hasVirtioHeader, PacketCalls calls, Supplier<? extends PacketBatch> batches) {
    this.system = calls;
    this.batches = batches;
    this.fd = fd;
    this.headerBytes = hasVirtioHeader ? VirtioHeader.BYTES : 0;
  }

  /** Reads one batch and fires it, unless there was nothing to read. */
  Outcome read(ChannelPipeline pipeline) {
    PacketBatch batch = batches.get();
    Outcome outcome = fill(batch);
    if (batch.size() == 0) {
      batch.release();
    } else {
      packets.setRelease(packets.getPlain() + count(batch));
      pipeline.fireChannelRead(batch);
    }
    return outcome;
  }

  private Outcome fill(PacketBatch batch) {
    long slab = batch.address();
    int calls = 0;
    Outcome outcome = Outcome.MORE;
    while (outcome == Outcome.MORE && batch.hasRoom()) {
      long address = slab + batch.nextOffset() - headerBytes;
      calls++;
      int result = system.read(fd, address, headerBytes + PacketBatch.MAX_PACKET_BYTES);
      if (result > headerBytes) {
        int index = batch.add(result - headerBytes);
        if (headerBytes != 0
            && !VirtioHeader.isPlain(batch.bytes(), batch.offset(index) - headerBytes)) {
          ReceivedOffload.accept(batch, index);
        }
      } else if (result < 0) {
        outcome =
            switch (-result) {
              case Errno.EBADFD, Errno.EBADF -> Outcome.DETACHED;
              case Errno.EAGAIN -> Outcome.DRAINED;
              default -> Outcome.FAILED;
            };
      }
    }
    reads.setRelease(reads.getPlain() + calls); // only our loop writes
    return outcome;
  }

  private static int count(PacketBatch batch) {
    int count = 0;
    for (int i = 0; i < batch.size(); i++) {
      count += batch.segments(i);
    }
    return count;
  }

  /** System calls so far. */
  long reads() {
    return reads.getAcquire();
  }

  /** Packets read so far; a super-packet counts as the packets that it stands for. */
  long packets() {
    return packets.getAcquire();
  }
}
