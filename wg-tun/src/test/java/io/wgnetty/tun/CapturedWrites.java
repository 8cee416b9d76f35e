package io.wgnetty.tun;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Keeps what would be written, and can refuse it as a kernel would. */
final class CapturedWrites extends PacketCalls {
  static final int VIRTIO_BYTES = 10;
  private static final int GSO_TYPE = 1;

  final List<byte[]> writes = new ArrayList<>();
  private Predicate<byte[]> refused = write -> false;
  private int error;

  /** Answers these writes with an error number, and does not keep them. */
  void refuse(int error, Predicate<byte[]> which) {
    this.error = error;
    this.refused = which;
  }

  static boolean isMerged(byte[] write) {
    return write[GSO_TYPE] != 0;
  }

  @Override
  int write(int fd, long address, int lengthBytes) {
    return take(bytes(address, lengthBytes));
  }

  @Override
  int writev(int fd, long vector, int pieces) {
    var all = new ByteArrayOutputStream();
    for (int i = 0; i < pieces; i++) {
      MemorySegment entry = memory(vector + 16L * i, 16);
      long length = entry.get(ValueLayout.JAVA_LONG, 8);
      all.writeBytes(bytes(entry.get(ValueLayout.JAVA_LONG, 0), Math.toIntExact(length)));
    }
    return take(all.toByteArray());
  }

  private int take(byte[] write) {
    if (refused.test(write)) {
      return -error;
    }
    writes.add(write);
    return write.length;
  }

  private static byte[] bytes(long address, int lengthBytes) {
    return memory(address, lengthBytes).toArray(ValueLayout.JAVA_BYTE);
  }

  @SuppressWarnings("restricted") // as much as the kernel would read
  private static MemorySegment memory(long address, int lengthBytes) {
    return MemorySegment.ofAddress(address).reinterpret(lengthBytes);
  }

  /** The packets that the kernel makes of all this, cut by our own {@link Segmenter}. */
  List<byte[]> packets() {
    var packets = new ArrayList<byte[]>();
    for (byte[] write : writes) {
      packets.addAll(packets(write));
    }
    return packets;
  }

  static List<byte[]> packets(byte[] write) {
    PacketBatch batch = TestBatches.POOL.take();
    try {
      int at = batch.nextOffset() - VIRTIO_BYTES;
      batch.bytes().put(at, write);
      int index = batch.add(write.length - VIRTIO_BYTES);
      if (!isMerged(write)) {
        return List.of(TestBatches.packet(batch, index));
      }
      ReceivedOffload.accept(batch, index);
      if (batch.segmentBytes(index) <= 0) {
        throw new AssertionError("a merged write that is none");
      }
      return TestBatches.segments(batch, index);
    } finally {
      batch.release();
    }
  }
}
