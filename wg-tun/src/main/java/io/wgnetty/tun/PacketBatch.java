package io.wgnetty.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCounted;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Up to {@value #CAPACITY} packets that lie in one direct slab of memory: the unit that travels
 * through a pipeline.
 *
 * <p>Struct of arrays: packet {@code i} is {@code length(i)} bytes at {@code offset(i)} of the
 * slab. Every packet has at least {@value #HEADROOM} free bytes before it and {@value #TAILROOM}
 * after it, so that headers and tags can be written in place. A packet of length 0 takes part in
 * nothing any more: writers pass over it.
 *
 * <p>A packet may be a super-packet: up to 64 KiB of one flow that still have to be cut into
 * segments. Then {@link #segmentBytes} says how much payload each segment takes, and {@link
 * #headerBytes} how long the network and transport headers before it are.
 *
 * <p>A batch belongs to one event loop at a time. It comes from a {@link PacketBatchPool}; whoever
 * is last gives it back with {@link #release()}. Not thread-safe.
 *
 * <p>It is reference-counted as Netty understands it, so that Netty itself gives it back where no
 * handler of ours can: at the end of a pipeline, and in a channel that closes with writes waiting.
 */
public class PacketBatch implements ReferenceCounted {
  /** Packets in one batch: those of five full messages that the kernel joined on the way in. */
  public static final int CAPACITY = 256;

  /** Free bytes before each packet: virtio header (10), transport header (16), and alignment. */
  public static final int HEADROOM = 32;

  /** Free bytes after each packet: padding (15) and tag (16), rounded up. */
  public static final int TAILROOM = 32;

  /** The largest packet that a read may bring: an IP packet's limit. */
  public static final int MAX_PACKET_BYTES = 65_535;

  /** Room for a batch of ordinary packets and, always, for one more of the largest. */
  public static final int SLAB_BYTES = 256 * 1024;

  /** Stands in the place of {@link #segmentBytes} where the virtio header was a lie. */
  public static final int BAD_SEGMENTS = -1;

  private static final int ALIGNMENT = 16;

  private final PacketBatchPool<?> pool;
  private final int[] offsets = new int[CAPACITY];
  private final int[] lengths = new int[CAPACITY];
  private final int[] headerBytes = new int[CAPACITY];
  private final int[] segmentBytes = new int[CAPACITY];
  private final int slabBytes;
  private final ByteBuf slab;
  private final ByteBuffer bytes;
  private final long address;
  private int size;
  private int end;
  private int references = 1;

  protected PacketBatch(ByteBufAllocator allocator, PacketBatchPool<?> pool) {
    this(allocator, pool, SLAB_BYTES);
  }

  /** A batch whose slab is not of the usual size: for readers that lay packets out themselves. */
  protected PacketBatch(ByteBufAllocator allocator, PacketBatchPool<?> pool, int slabBytes) {
    this.pool = pool;
    this.slabBytes = slabBytes;
    this.slab = allocator.directBuffer(slabBytes, slabBytes);
    this.bytes = slab.internalNioBuffer(0, slabBytes).slice();
    this.address = MemorySegment.ofBuffer(bytes).address();
  }

  public final int size() {
    return size;
  }

  /** Whether there is a place and the memory for one more packet of any size. */
  public final boolean hasRoom() {
    return hasRoom(MAX_PACKET_BYTES);
  }

  /**
   * Whether there is a place and the memory for one more packet of up to {@code maxLength} bytes.
   */
  public final boolean hasRoom(int maxLength) {
    return size < CAPACITY && end + HEADROOM + maxLength + TAILROOM <= slabBytes;
  }

  /** Where the next packet will begin: write its bytes there, then {@link #add}. */
  public final int nextOffset() {
    return end + HEADROOM;
  }

  /**
   * Takes the {@code length} bytes at {@link #nextOffset()} into the batch; returns the packet's
   * number.
   */
  public final int add(int length) {
    int offset = end + HEADROOM;
    end = align(offset + length + TAILROOM);
    return addAt(offset, length);
  }

  /**
   * Takes {@code length} bytes that lie at {@code offset} into the batch: for readers that lay
   * packets out themselves and leave what room they need between them. Returns the packet's number.
   */
  public final int addAt(int offset, int length) {
    int index = size++;
    offsets[index] = offset;
    lengths[index] = length;
    headerBytes[index] = 0;
    segmentBytes[index] = 0;
    return index;
  }

  /** Bytes of payload in each segment of a super-packet; 0 for an ordinary packet. */
  public final int segmentBytes(int index) {
    return segmentBytes[index];
  }

  /** Bytes of network and transport header of a super-packet; 0 for an ordinary packet. */
  public final int headerBytes(int index) {
    return headerBytes[index];
  }

  /** How many packets a packet stands for: 1, or as many as a super-packet has segments. */
  public final int segments(int index) {
    int bytes = segmentBytes[index];
    return bytes <= 0 ? 1 : (lengths[index] - headerBytes[index] + bytes - 1) / bytes;
  }

  /** Makes a packet a super-packet, or with {@link #BAD_SEGMENTS} one that nobody can use. */
  public final void setSegments(int index, int headerBytes, int segmentBytes) {
    this.headerBytes[index] = headerBytes;
    this.segmentBytes[index] = segmentBytes;
  }

  public final int offset(int index) {
    return offsets[index];
  }

  public final int length(int index) {
    return lengths[index];
  }

  /** Moves the borders of a packet: a header was put before it, or taken off. */
  public final void setBounds(int index, int offset, int length) {
    offsets[index] = offset;
    lengths[index] = length;
  }

  /** The slab as a buffer for absolute access, big-endian. */
  public final ByteBuffer bytes() {
    return bytes;
  }

  /** How much memory the slab has. */
  public final int slabBytes() {
    return slabBytes;
  }

  /** The slab's memory address. */
  public final long address() {
    return address;
  }

  /** Lets go of the batch; the last to do so empties it and gives it back to its pool. */
  @Override
  public final boolean release() {
    return release(1);
  }

  @Override
  public final boolean release(int decrement) {
    if (decrement <= 0 || decrement > references) {
      throw new IllegalReferenceCountException(references, -decrement);
    }
    references -= decrement;
    if (references > 0) {
      return false;
    }
    clear();
    pool.giveBack(this);
    return true;
  }

  @Override
  public final int refCnt() {
    return references;
  }

  @Override
  public final PacketBatch retain() {
    return retain(1);
  }

  @Override
  public final PacketBatch retain(int increment) {
    if (increment <= 0 || references <= 0) {
      throw new IllegalReferenceCountException(references, increment);
    }
    references += increment;
    return this;
  }

  @Override
  public final PacketBatch touch() {
    return this;
  }

  @Override
  public final PacketBatch touch(Object hint) {
    return this;
  }

  /** Begins a new life out of the pool. */
  final void reuse() {
    references = 1;
  }

  /** Empties the batch; subclasses forget what they know of its packets. */
  public void clear() {
    size = 0;
    end = 0;
  }

  /** Frees the memory: only the pool, at its end. */
  final void free() {
    slab.release();
  }

  private static int align(int offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
