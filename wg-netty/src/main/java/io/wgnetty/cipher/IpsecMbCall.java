package io.wgnetty.cipher;

import io.wgnetty.crypto.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The arguments of one call of libIPSec_MB: arrays with an entry for each packet, in native memory.
 * Filled, performed and cleared over and over. Belongs to one thread at a time.
 */
final class IpsecMbCall implements AutoCloseable {
  /** At most this many packets go into one call. */
  static final int MAX_PACKETS = 64;

  private static final int ARRAY_BYTES = MAX_PACKETS * Long.BYTES;
  private static final int SOURCES = 0;
  private static final int DESTINATIONS = ARRAY_BYTES;
  private static final int LENGTHS = 2 * ARRAY_BYTES;
  private static final int TAGS = 3 * ARRAY_BYTES;
  private static final int NONCES = 4 * ARRAY_BYTES;
  private static final int AADS = 5 * ARRAY_BYTES;

  /** Room for what some of the arrays point to: nonces, and tags to compare with. */
  private static final int NONCE_ROOM = 6 * ARRAY_BYTES;

  private static final int ROOM_BYTES = 16;
  private static final int COUNTER_OFFSET = 4;
  private static final int TAG_ROOM = NONCE_ROOM + MAX_PACKETS * ROOM_BYTES;
  private static final int TOTAL_BYTES = TAG_ROOM + MAX_PACKETS * ROOM_BYTES;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfLong COUNTER =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final NativeScratch scratch = new NativeScratch(TOTAL_BYTES);
  private final MemorySegment memory = scratch.memory();
  private final long address = memory.address();
  private int packets;

  IpsecMbCall() {
    for (int i = 0; i < MAX_PACKETS; i++) {
      set(NONCES, i, address + NONCE_ROOM + (long) i * ROOM_BYTES);
      set(AADS, i, address); // of no bytes, but the library insists on an address
    }
  }

  void clear() {
    packets = 0;
  }

  boolean isFull() {
    return packets == MAX_PACKETS;
  }

  /** One more packet to seal; its tag goes behind the ciphertext. */
  void seal(long source, long destination, int lengthBytes, long counter) {
    set(TAGS, packets, destination + lengthBytes);
    add(source, destination, lengthBytes, counter);
  }

  /** One more packet to open; the length is the plaintext's. Its tag is kept here. */
  void open(long source, long destination, int lengthBytes, long counter) {
    set(TAGS, packets, address + TAG_ROOM + (long) packets * ROOM_BYTES);
    add(source, destination, lengthBytes, counter);
  }

  private void add(long source, long destination, int lengthBytes, long counter) {
    set(SOURCES, packets, source);
    set(DESTINATIONS, packets, destination);
    set(LENGTHS, packets, lengthBytes);
    memory.set(COUNTER, NONCE_ROOM + (long) packets * ROOM_BYTES + COUNTER_OFFSET, counter);
    packets++;
  }

  /** Seals or opens the packets; they stay, for the look at their tags. */
  void perform(long manager, long key, int direction) {
    if (packets > 0) {
      perform(manager, key, direction, 0);
    }
  }

  /** Seals or opens the first packet, which has this additional data. */
  void perform(long manager, long key, int direction, long aad, int aadBytes) {
    set(AADS, 0, aad);
    try {
      perform(manager, key, direction, aadBytes);
    } finally {
      set(AADS, 0, address);
    }
  }

  private void perform(long manager, long key, int direction, int aadBytes) {
    IpsecMb.chacha20Poly1305(
        manager,
        key,
        direction,
        address + DESTINATIONS,
        address + SOURCES,
        address + LENGTHS,
        address + NONCES,
        address + AADS,
        aadBytes,
        address + TAGS,
        packets);
  }

  /** Whether the tag of an opened packet is the one at the address. Takes equally long if not. */
  boolean hasTag(int packet, long tagAddress) {
    long computed = address + TAG_ROOM + (long) packet * ROOM_BYTES;
    long difference =
        (Memory.getLong(computed) ^ Memory.getLong(tagAddress))
            | (Memory.getLong(computed + Long.BYTES) ^ Memory.getLong(tagAddress + Long.BYTES));
    return difference == 0;
  }

  private void set(int array, int index, long value) {
    memory.set(LONG, array + (long) index * Long.BYTES, value);
  }

  @Override
  public void close() {
    scratch.close();
  }
}
