package io.wgnetty.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * Off-heap memory for session keys, where a key stays in one place and can be overwritten: the
 * garbage collector would leave copies of it behind.
 *
 * <p>Grows in blocks of {@value #BLOCK_KEYS} keys and never shrinks before it is closed; released
 * places are used again, the latest first. One owner; not thread-safe.
 */
public final class KeySlab implements AutoCloseable {
  /** 128 KiB a block: little for a node with few peers, few blocks for one with many. */
  private static final int BLOCK_KEYS = 4096;

  private static final int BLOCK_BYTES = BLOCK_KEYS * Aead.KEY_BYTES;

  /** Whole cache lines: two keys share one, none lies in two. */
  private static final int ALIGNMENT_BYTES = 64;

  private record Block(MemorySegment keys, BitSet used) {}

  private final Arena arena = Arena.ofShared();
  private final TreeMap<Long, Block> blocks = new TreeMap<>();
  private long[] free = new long[0];
  private int freeCount;
  private int inUse;

  /** The address of {@value Aead#KEY_BYTES} zero bytes that are the caller's until released. */
  public long allocate() {
    if (freeCount == 0) {
      grow();
    }
    long address = free[--freeCount];
    Block block = blockOf(address);
    block.used.set(slot(block, address));
    inUse++;
    return address;
  }

  /** Copies a key to an allocated place. */
  public void store(long address, byte[] key) {
    if (key.length != Aead.KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    Block block = usedBlockOf(address);
    MemorySegment.copy(
        key, 0, block.keys, ValueLayout.JAVA_BYTE, address - block.keys.address(), key.length);
  }

  /**
   * Wipes a place and takes it back.
   *
   * @throws IllegalStateException if it is not allocated: somebody released it twice
   */
  public void release(long address) {
    Block block = usedBlockOf(address);
    block.keys.asSlice(address - block.keys.address(), Aead.KEY_BYTES).fill((byte) 0);
    block.used.clear(slot(block, address));
    free[freeCount++] = address;
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
    for (Block block : blocks.values()) {
      block.keys.fill((byte) 0);
    }
    blocks.clear();
    freeCount = 0;
    inUse = 0;
    arena.close();
  }

  private void grow() {
    MemorySegment keys = arena.allocate(BLOCK_BYTES, ALIGNMENT_BYTES);
    blocks.put(keys.address(), new Block(keys, new BitSet(BLOCK_KEYS)));
    free = Arrays.copyOf(free, blocks.size() * BLOCK_KEYS);
    for (int i = BLOCK_KEYS - 1; i >= 0; i--) {
      free[freeCount++] = keys.address() + (long) i * Aead.KEY_BYTES;
    }
  }

  private Block usedBlockOf(long address) {
    Block block = blockOf(address);
    if ((address - block.keys.address()) % Aead.KEY_BYTES != 0
        || !block.used.get(slot(block, address))) {
      throw new IllegalStateException("no key is allocated at this address");
    }
    return block;
  }

  private Block blockOf(long address) {
    Map.Entry<Long, Block> entry = blocks.floorEntry(address);
    if (entry == null || address - entry.getKey() >= BLOCK_BYTES) {
      throw new IllegalStateException("the address is not of this slab");
    }
    return entry.getValue();
  }

  private static int slot(Block block, long address) {
    return (int) ((address - block.keys.address()) / Aead.KEY_BYTES);
  }
}
