package io.wgnetty.crypto;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The process's memory by address, unchecked: copies between it and Java's heap. */
public final class Memory {
  private static final MemorySegment ALL = all();

  private Memory() {}

  public static void read(long address, byte[] destination, int offset, int lengthBytes) {
    MemorySegment.copy(ALL, ValueLayout.JAVA_BYTE, address, destination, offset, lengthBytes);
  }

  public static void write(byte[] source, int offset, long address, int lengthBytes) {
    MemorySegment.copy(source, offset, ALL, ValueLayout.JAVA_BYTE, address, lengthBytes);
  }

  /** Copies bytes that do not overlap with where they go. */
  public static void copy(long source, long destination, long lengthBytes) {
    MemorySegment.copy(ALL, source, ALL, destination, lengthBytes);
  }

  public static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  // The interface deals in addresses that Netty and the slabs hand out; their segments are not
  // known here.
  @SuppressWarnings("restricted")
  private static MemorySegment all() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
