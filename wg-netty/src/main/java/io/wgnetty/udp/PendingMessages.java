package io.wgnetty.udp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.wgnetty.protocol.Endpoint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Copies of messages that wait until the socket takes data again, first in, first out, and bounded.
 *
 * <p>They lie one behind the other in one piece of memory, which grows by doubling to twice the
 * bound. What is left moves to the front when half of the memory is behind the first message, so a
 * byte is moved once at most for each time that the memory is used up.
 */
final class PendingMessages implements MessageSource, AutoCloseable {
  /** What may wait for a socket that is full: beyond it, a network would drop as well. */
  static final int MAX_BYTES = 4 << 20;

  /** Messages that may wait: enough for the bytes unless they are hardly more than keepalives. */
  static final int MAX_MESSAGES = 1 << 15;

  private static final int FIRST_SLAB_BYTES = 64 * 1024;
  private static final int FIRST_MESSAGES = 64;

  private final ByteBufAllocator allocator;
  private ByteBuf slab;
  private ByteBuffer bytes;
  private long address;
  private int capacityBytes;
  private int end;

  private int[] offsets = new int[FIRST_MESSAGES];
  private int[] lengths = new int[FIRST_MESSAGES];
  private int[] segmentBytes = new int[FIRST_MESSAGES];
  private byte[] trafficClasses = new byte[FIRST_MESSAGES];
  private @Nullable Endpoint[] destinations = new @Nullable Endpoint[FIRST_MESSAGES];
  private int first;
  private int size;
  private int waitingBytes;
  private int refusedBytes;

  PendingMessages(ByteBufAllocator allocator) {
    this.allocator = allocator;
    this.capacityBytes = FIRST_SLAB_BYTES;
    this.slab = allocator.directBuffer(capacityBytes, capacityBytes);
    this.bytes = slab.internalNioBuffer(0, capacityBytes).slice();
    this.address = MemorySegment.ofBuffer(bytes).address();
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Copies a message to the end; returns false if too much waits already, or memory is short. */
  boolean add(
      ByteBuffer from, int fromOffset, int length, int segment, int trafficClass, Endpoint to) {
    if (length > MAX_BYTES - waitingBytes || size == MAX_MESSAGES) {
      return false;
    }
    try {
      makeRoom(length);
      if (size == offsets.length) {
        moreMessages();
      }
    } catch (OutOfMemoryError e) {
      return false; // what waits is as it was
    }
    bytes.put(end, from, fromOffset, length);
    int place = place(size++);
    offsets[place] = end;
    lengths[place] = length;
    segmentBytes[place] = segment;
    trafficClasses[place] = (byte) trafficClass;
    destinations[place] = to;
    end += length;
    waitingBytes += length;
    return true;
  }

  private void makeRoom(int length) {
    if (length <= capacityBytes - end) {
      return;
    }
    int start = size == 0 ? end : offsets[first];
    int used = end - start;
    if (start >= capacityBytes / 2 && used + length <= capacityBytes) {
      bytes.put(0, bytes, start, used); // the buffer copes with places that overlap
    } else {
      int wanted = capacityBytes;
      do {
        wanted *= 2;
      } while (used + length > wanted / 2 && wanted < 2 * MAX_BYTES);
      moveTo(wanted, start, used);
    }
    for (int i = 0; i < size; i++) {
      offsets[place(i)] -= start;
    }
    end = used;
  }

  private void moveTo(int newCapacityBytes, int start, int used) {
    ByteBuf fresh = allocator.directBuffer(newCapacityBytes, newCapacityBytes);
    ByteBuffer freshBytes = fresh.internalNioBuffer(0, newCapacityBytes).slice();
    freshBytes.put(0, bytes, start, used);
    slab.release();
    slab = fresh;
    bytes = freshBytes;
    address = MemorySegment.ofBuffer(bytes).address();
    capacityBytes = newCapacityBytes;
  }

  private void moreMessages() {
    int capacity = offsets.length * 2;
    int[] newOffsets = unrolled(offsets, capacity);
    int[] newLengths = unrolled(lengths, capacity);
    int[] newSegmentBytes = unrolled(segmentBytes, capacity);
    byte[] classes = new byte[capacity];
    @Nullable Endpoint[] endpoints = new @Nullable Endpoint[capacity];
    for (int i = 0; i < size; i++) {
      classes[i] = trafficClasses[place(i, trafficClasses.length)];
      endpoints[i] = destinations[place(i, trafficClasses.length)];
    }
    offsets = newOffsets;
    lengths = newLengths;
    segmentBytes = newSegmentBytes;
    trafficClasses = classes;
    destinations = endpoints;
    first = 0;
  }

  private int[] unrolled(int[] ring, int capacity) {
    int[] line = new int[capacity];
    System.arraycopy(ring, first, line, 0, ring.length - first);
    System.arraycopy(ring, 0, line, ring.length - first, first);
    return line;
  }

  private int place(int message) {
    return place(message, offsets.length);
  }

  private int place(int message, int capacity) {
    return (first + message) & (capacity - 1);
  }

  /** Forgets all that waits. */
  void clear() {
    Arrays.fill(destinations, null);
    first = 0;
    size = 0;
    end = 0;
    waitingBytes = 0;
  }

  /** Bytes that wait. */
  int waitingBytes() {
    return waitingBytes;
  }

  /** Bytes that were refused so far. */
  int refusedBytes() {
    return refusedBytes;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public long address() {
    return address;
  }

  @Override
  public int offset(int message) {
    return offsets[place(message)];
  }

  @Override
  public int length(int message) {
    return lengths[place(message)];
  }

  @Override
  public int segmentBytes(int message) {
    return segmentBytes[place(message)];
  }

  @Override
  public int trafficClass(int message) {
    return Byte.toUnsignedInt(trafficClasses[place(message)]);
  }

  @Override
  public Endpoint destination(int message) {
    Endpoint destination = destinations[place(message)];
    if (destination == null) {
      throw new IllegalStateException("there is no message " + message);
    }
    return destination;
  }

  @Override
  public void sent(int lengthBytes) {
    waitingBytes -= lengthBytes;
    lengths[first] -= lengthBytes;
    offsets[first] += lengthBytes;
    if (lengths[first] > 0) {
      return;
    }
    destinations[first] = null;
    first = place(1);
    if (--size == 0) {
      end = 0;
    }
  }

  @Override
  public void refused(int lengthBytes) {
    refusedBytes += lengthBytes;
    sent(lengthBytes);
  }

  @Override
  public void dropLocal() {
    destinations[first] = destination(0).withoutLocal();
  }

  @Override
  public void close() {
    slab.release();
  }
}
