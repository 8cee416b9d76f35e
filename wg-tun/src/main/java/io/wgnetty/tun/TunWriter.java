package io.wgnetty.tun;

import java.util.concurrent.atomic.AtomicLong;

/** Writes the packets of a batch to a TUN queue, one by one, and counts what is refused. */
final class TunWriter {
  private final PacketCalls calls;
  private final int fd;
  private final int headerBytes;
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();

  TunWriter(TunDevice device, PacketCalls calls) {
    this.calls = calls;
    this.fd = device.fd();
    this.headerBytes = device.hasVirtioHeader() ? VirtioHeader.BYTES : 0;
  }

  /** Writes what has a length; returns whether the interface is still there. */
  boolean write(PacketBatch batch) {
    boolean attached = true;
    int written = 0;
    int refused = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (batch.length(i) == 0) {
        continue;
      }
      int result = attached ? writeOne(batch, batch.offset(i), batch.length(i)) : -Errno.EBADFD;
      attached = result != -Errno.EBADFD && result != -Errno.EBADF;
      if (result < 0) {
        refused++;
      } else {
        written++;
      }
    }
    packets.setRelease(packets.getPlain() + written);
    errors.setRelease(errors.getPlain() + refused);
    return attached;
  }

  private int writeOne(PacketBatch batch, int offset, int length) {
    int start = offset - headerBytes;
    if (start < 0 || length < 0 || length > batch.slabBytes() - offset) {
      return -Errno.EINVAL; // the kernel cannot know where our memory ends
    }
    if (headerBytes != 0) {
      VirtioHeader.clear(batch.bytes(), start);
    }
    return calls.write(fd, batch.address() + start, headerBytes + length);
  }

  long packets() {
    return packets.getAcquire();
  }

  long errors() {
    return errors.getAcquire();
  }
}
