package io.wgnetty.pipeline;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Endpoint;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sealed datagrams on their way to the sockets, one behind the other in one direct slab.
 *
 * <p>What travels is a message: one to {@value #MAX_SEGMENTS} datagrams of one session and traffic
 * class, all of the same length but for the last, which may be shorter. The system takes a message
 * with one call and cuts it into datagrams. Belongs to one event loop, is filled, sent and cleared
 * over and over. Not thread-safe.
 */
public final class DatagramBatch implements AutoCloseable {
  /** Messages in one batch. */
  public static final int CAPACITY = 128;

  /** Datagrams in one message: what every kernel with UDP_SEGMENT takes. */
  public static final int MAX_SEGMENTS = 64;

  /** Bytes in one message: what fits into one UDP datagram over IPv4 (protocol 8.3). */
  public static final int MAX_MESSAGE_BYTES = 65_507;

  /** Room for a few messages of the largest size. */
  public static final int SLAB_BYTES = 256 * 1024;

  private final int slabBytes;
  private final ByteBuf slab;
  private final ByteBuffer bytes;
  private final long address;
  private final int[] offsets = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final int[] segmentBytes = new int[CAPACITY];
  private final byte[] trafficClasses = new byte[CAPACITY];
  private final byte[] keepalives = new byte[CAPACITY];
  private final boolean[] refused = new boolean[CAPACITY];
  private final boolean[] closed = new boolean[CAPACITY];
  private final @Nullable Session[] sessions = new @Nullable Session[CAPACITY];
  private final @Nullable Endpoint[] destinations = new @Nullable Endpoint[CAPACITY];
  private int size;
  private int end;

  public DatagramBatch(ByteBufAllocator allocator) {
    this(allocator, SLAB_BYTES);
  }

  /** A batch that takes less, or more, than the usual. */
  DatagramBatch(ByteBufAllocator allocator, int slabBytes) {
    this.slabBytes = slabBytes;
    slab = allocator.directBuffer(slabBytes, slabBytes);
    bytes = slab.internalNioBuffer(0, slabBytes).slice();
    address = MemorySegment.ofBuffer(bytes).address();
  }

  /** How many messages there are. */
  public int size() {
    return size;
  }

  /** Whether there is a place and the memory for one more datagram of up to this many bytes. */
  public boolean hasRoom(int datagramBytes) {
    return size < CAPACITY && end + datagramBytes <= slabBytes;
  }

  /** Where the next datagram will begin: write its bytes there, then {@link #add}. */
  public int nextOffset() {
    return end;
  }

  /**
   * Takes the {@code length} bytes at {@link #nextOffset()} as the next datagram: into the last
   * message where that is possible, else as the first of a new one.
   *
   * @param data whether it is not a keepalive
   */
  public void add(int length, Session session, int trafficClass, boolean data) {
    int last = size - 1;
    if (last < 0 || !joins(last, length, session, trafficClass)) {
      last = size++;
      offsets[last] = end;
      lengths[last] = 0;
      segmentBytes[last] = length;
      trafficClasses[last] = (byte) trafficClass;
      sessions[last] = session;
      keepalives[last] = 0;
      refused[last] = false;
      closed[last] = false;
    }
    lengths[last] += length;
    if (!data) {
      keepalives[last]++;
    }
    closed[last] = length < segmentBytes[last];
    end += length;
  }

  private boolean joins(int message, int length, Session session, int trafficClass) {
    return sessions[message] == session
        && !closed[message]
        && length <= segmentBytes[message]
        && trafficClasses[message] == (byte) trafficClass
        && lengths[message] + length <= MAX_MESSAGE_BYTES
        && lengths[message] < (MAX_SEGMENTS - 1) * segmentBytes[message] + 1;
  }

  /** Where the message begins. */
  public int offset(int message) {
    return offsets[message];
  }

  /** The bytes of all its datagrams. */
  public int length(int message) {
    return lengths[message];
  }

  /** The bytes of each of its datagrams but the last, which may have less. */
  public int segmentBytes(int message) {
    return segmentBytes[message];
  }

  /** How many datagrams it holds. */
  public int segments(int message) {
    return (lengths[message] + segmentBytes[message] - 1) / segmentBytes[message];
  }

  /** The TOS or traffic class that it is to go with. */
  public int trafficClass(int message) {
    return Byte.toUnsignedInt(trafficClasses[message]);
  }

  /** Whether it holds more than keepalives. */
  public boolean carriesData(int message) {
    return keepalives(message) < segments(message);
  }

  /** How many of its datagrams are keepalives. */
  public int keepalives(int message) {
    return keepalives[message];
  }

  public Session session(int message) {
    Session session = sessions[message];
    if (session == null) {
      throw new IllegalStateException("there is no message " + message);
    }
    return session;
  }

  /** Where it goes; {@code null} if that is not known, and it goes nowhere. */
  public @Nullable Endpoint destination(int message) {
    return destinations[message];
  }

  public void setDestination(int message, @Nullable Endpoint destination) {
    destinations[message] = destination;
  }

  /** The message could not be sent. */
  public void refuse(int message) {
    refused[message] = true;
  }

  public boolean isRefused(int message) {
    return refused[message];
  }

  /** The slab as a buffer for absolute access, big-endian. */
  public ByteBuffer bytes() {
    return bytes;
  }

  /** The slab's memory address. */
  public long address() {
    return address;
  }

  public void clear() {
    Arrays.fill(sessions, 0, size, null);
    Arrays.fill(destinations, 0, size, null);
    size = 0;
    end = 0;
  }

  @Override
  public void close() {
    slab.release();
  }
}
