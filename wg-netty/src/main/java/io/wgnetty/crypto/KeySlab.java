package io.wgnetty.crypto;

import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Off-heap memory for session keys, where a key stays in one place and can be overwritten: the
 * garbage collector would leave copies of it behind.
 *
 * <p>Grows in chunks, each as large as all before together up to {@value #MAX_CHUNK_KEYS} keys, and
 * never shrinks before it is closed. Released places are used again, the latest first: they are
 * wiped, and their first word says which place was released before, so that the list of them needs
 * no memory. One owner; not thread-safe.
 */
public final class KeySlab implements AutoCloseable {
  /** 128 KiB: little for a node with few peers. */
  private static final int FIRST_CHUNK_KEYS = 4096;

  /** 1 MiB: it takes a data loop a fraction of a millisecond to get it from the system. */
  private static final int MAX_CHUNK_KEYS = 32_768;

  /** Whole cache lines: two keys share one, none lies in two. */
  private static final int ALIGNMENT_BYTES = 64;

  private static final long NONE = 0;

  private final Arena arena = Arena.ofShared();

  /** The chunks by address, and where each begins. */
  private Chunk[] chunks = new Chunk[0];

  private long[] begins = new long[0];

  /** The places that were never allocated: the rest of the latest chunk. */
  private long fresh;

  private long freshEnd;

  /** The place released last, {@link #NONE} if there is none. */
  private long released = NONE;

  private int keys;
  private int inUse;

  /** The address of {@value Aead#KEY_BYTES} zero bytes that are the caller's until released. */
  public long allocate() {
    long address = released;
    Chunk chunk;
    if (address != NONE) {
      chunk = chunkOf(address);
      released = chunk.takeLink(address);
    } else {
      if (fresh == freshEnd) {
        grow();
      }
      address = fresh;
      fresh += Aead.KEY_BYTES;
      chunk = chunkOf(address);
    }
    chunk.use(address);
    inUse++;
    return address;
  }

  /** Copies a key to an allocated place. */
  public void store(long address, byte[] key) {
    if (key.length != Aead.KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    usedChunkOf(address).store(address, key);
  }

  /** Writes down the key of an allocated place; it does not touch the heap. */
  public void save(long address, StateWriter out) {
    Chunk chunk = usedChunkOf(address);
    ByteBuffer place = out.room(Aead.KEY_BYTES);
    place.put(chunk.key(address));
  }

  /** Puts a key that {@link #save} wrote down into a place, whose address it returns. */
  public long restored(StateReader in) {
    ByteBuffer bytes = in.space(Aead.KEY_BYTES);
    long address = allocate();
    chunkOf(address).key(address).put(bytes.slice(bytes.position(), Aead.KEY_BYTES));
    bytes.position(bytes.position() + Aead.KEY_BYTES);
    return address;
  }

  /**
   * Wipes a place and takes it back.
   *
   * @throws IllegalStateException if it is not allocated: somebody released it twice
   */
  public void release(long address) {
    usedChunkOf(address).wipe(address, released);
    released = address;
    inUse--;
  }

  /** Places allocated and not released. */
  public int inUse() {
    return inUse;
  }

  /** Wipes and frees all places, allocated or not. No address may be used afterwards. */
  @Override
  public void close() {
    if (!arena.scope().isAlive()) {
      return;
    }
    for (Chunk chunk : chunks) {
      chunk.memory.fill((byte) 0);
    }
    chunks = new Chunk[0];
    begins = new long[0];
    released = NONE;
    fresh = freshEnd;
    inUse = 0;
    arena.close();
  }

  private void grow() {
    int more = Math.clamp(keys, FIRST_CHUNK_KEYS, MAX_CHUNK_KEYS);
    Chunk chunk = new Chunk(arena.allocate((long) more * Aead.KEY_BYTES, ALIGNMENT_BYTES));
    int at = -Arrays.binarySearch(begins, chunk.begin) - 1;
    int count = chunks.length;
    chunks = Arrays.copyOf(chunks, count + 1);
    begins = Arrays.copyOf(begins, count + 1);
    System.arraycopy(chunks, at, chunks, at + 1, count - at);
    System.arraycopy(begins, at, begins, at + 1, count - at);
    chunks[at] = chunk;
    begins[at] = chunk.begin;
    keys += more;
    fresh = chunk.begin;
    freshEnd = chunk.begin + chunk.memory.byteSize();
  }

  private Chunk usedChunkOf(long address) {
    Chunk chunk = chunkOf(address);
    if (!chunk.isUsed(address)) {
      throw new IllegalStateException("no key is allocated at this address");
    }
    return chunk;
  }

  private Chunk chunkOf(long address) {
    int found = Arrays.binarySearch(begins, address);
    int at = found >= 0 ? found : -found - 2;
    if (at < 0 || address - begins[at] >= chunks[at].memory.byteSize()) {
      throw new IllegalStateException("the address is not of this slab");
    }
    return chunks[at];
  }

  /** Places side by side, with a bit for each that says whether it is allocated. */
  private static final class Chunk {
    private final MemorySegment memory;
    private final long begin;
    private final long[] used;

    Chunk(MemorySegment memory) {
      this.memory = memory;
      this.begin = memory.address();
      this.used = new long[(int) (memory.byteSize() / Aead.KEY_BYTES / Long.SIZE)];
    }

    boolean isUsed(long address) {
      int slot = slot(address);
      return (address - begin) % Aead.KEY_BYTES == 0 && (used[slot / Long.SIZE] & 1L << slot) != 0;
    }

    void use(long address) {
      int slot = slot(address);
      used[slot / Long.SIZE] |= 1L << slot;
    }

    void store(long address, byte[] key) {
      MemorySegment.copy(key, 0, memory, ValueLayout.JAVA_BYTE, address - begin, key.length);
    }

    ByteBuffer key(long address) {
      return memory.asSlice(address - begin, Aead.KEY_BYTES).asByteBuffer();
    }

    /** Overwrites a key with zeros and a link to another place that is free. */
    void wipe(long address, long link) {
      long offset = address - begin;
      memory.set(ValueLayout.JAVA_LONG, offset, link);
      for (int i = Long.BYTES; i < Aead.KEY_BYTES; i += Long.BYTES) {
        memory.set(ValueLayout.JAVA_LONG, offset + i, 0);
      }
      int slot = slot(address);
      used[slot / Long.SIZE] &= ~(1L << slot);
    }

    long takeLink(long address) {
      long link = memory.get(ValueLayout.JAVA_LONG, address - begin);
      memory.set(ValueLayout.JAVA_LONG, address - begin, NONE);
      return link;
    }

    private int slot(long address) {
      return (int) ((address - begin) / Aead.KEY_BYTES);
    }
  }
}
