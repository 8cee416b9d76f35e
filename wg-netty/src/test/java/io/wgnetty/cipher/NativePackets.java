package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Packets in native memory for a test, each between guard bytes, so that a write beyond its place
 * is seen.
 */
final class NativePackets implements AutoCloseable {
  private static final int GUARD_BYTES = 64;
  private static final byte GUARD = (byte) 0xa5;

  private final Arena arena = Arena.ofShared();
  private final List<MemorySegment> places = new ArrayList<>();

  /** A place of that size, not aligned; returns its address. */
  long place(int lengthBytes) {
    // The odd byte: packets on the wire are not aligned either.
    MemorySegment memory = arena.allocate(2L * GUARD_BYTES + 1 + lengthBytes);
    memory.fill(GUARD);
    MemorySegment place = memory.asSlice(GUARD_BYTES + 1, lengthBytes);
    places.add(memory);
    return place.address();
  }

  /** A place with that content and room after it; returns its address. */
  long place(byte[] content, int roomBytes) {
    long address = place(content.length + roomBytes);
    Memory.write(content, 0, address, content.length);
    return address;
  }

  long key(byte[] key) {
    return arena.allocateFrom(ValueLayout.JAVA_BYTE, key).address();
  }

  byte[] read(long address, int lengthBytes) {
    byte[] content = new byte[lengthBytes];
    Memory.read(address, content, 0, lengthBytes);
    return content;
  }

  void assertGuardsUntouched() {
    for (MemorySegment memory : places) {
      for (int i = 0; i < GUARD_BYTES; i++) {
        assertThat(memory.get(ValueLayout.JAVA_BYTE, i)).as("before, %d", i).isEqualTo(GUARD);
        long after = memory.byteSize() - 1 - i;
        assertThat(memory.get(ValueLayout.JAVA_BYTE, after)).as("after, -%d", i).isEqualTo(GUARD);
      }
    }
  }

  @Override
  public void close() {
    arena.close();
  }
}
