package io.wgnetty.tun;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** An array of {@code struct iovec}: pieces of memory, each an address and a length (16 bytes). */
final class WriteVector {
  private static final int ENTRY_BYTES = 2 * Long.BYTES;

  private final MemorySegment entries;
  private final long address;
  private int size;

  WriteVector(int capacity) {
    entries = Arena.ofAuto().allocate((long) capacity * ENTRY_BYTES, Long.BYTES);
    address = entries.address();
  }

  void clear() {
    size = 0;
  }

  void add(long address, int lengthBytes) {
    long entry = (long) size++ * ENTRY_BYTES;
    entries.set(JAVA_LONG, entry, address);
    entries.set(JAVA_LONG, entry + Long.BYTES, lengthBytes);
  }

  long address() {
    return address;
  }

  int size() {
    return size;
  }
}
