package io.wgnetty.cipher;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A piece of native memory of one size, zero at first and wiped before it is given back. */
final class NativeScratch implements AutoCloseable {
  private static final int ALIGNMENT_BYTES = 64;

  // Shared, since the thread that makes a cipher need not be the one that uses it.
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory;

  NativeScratch(long sizeBytes) {
    memory = arena.allocate(sizeBytes, ALIGNMENT_BYTES);
  }

  MemorySegment memory() {
    return memory;
  }

  boolean isOpen() {
    return arena.scope().isAlive();
  }

  void wipe(long offset, long lengthBytes) {
    memory.asSlice(offset, lengthBytes).fill((byte) 0);
  }

  @Override
  public void close() {
    memory.fill((byte) 0);
    arena.close();
  }
}
