package io.wgnetty.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes fields one after the other, big-endian, into memory outside of the heap: there are keys
 * among them, and the garbage collector would leave copies behind. Grows as it is needed, and
 * overwrites what it gives up. Not thread-safe.
 */
public final class StateWriter implements AutoCloseable {
  private static final int FIRST_BYTES = 4096;

  private ByteBuffer bytes = ByteBuffer.allocateDirect(FIRST_BYTES);

  /** How many bytes were written since {@link #clear}. */
  public int size() {
    return bytes.position();
  }

  public void bool(boolean value) {
    byte8(value ? 1 : 0);
  }

  /** The lowest 8 bits. */
  public void byte8(int value) {
    room(Byte.BYTES).put((byte) value);
  }

  public void int32(int value) {
    room(Integer.BYTES).putInt(value);
  }

  public void int64(long value) {
    room(Long.BYTES).putLong(value);
  }

  /** Bytes whose number the reader knows. */
  public void bytes(byte[] value) {
    room(value.length).put(value);
  }

  /** A text, with its length. */
  public void text(String value) {
    byte[] encoded = value.getBytes(UTF_8);
    int32(encoded.length);
    bytes(encoded);
  }

  /** Texts, with their number. */
  public void texts(List<String> values) {
    int32(values.size());
    values.forEach(this::text);
  }

  /** A place for so many bytes, which the caller puts there at once. */
  public ByteBuffer room(int count) {
    if (bytes.remaining() < count) {
      grow(count);
    }
    return bytes;
  }

  private void grow(int count) {
    ByteBuffer old = bytes;
    int needed = Math.addExact(old.position(), count);
    bytes = ByteBuffer.allocateDirect(Math.max(needed, Math.multiplyExact(old.capacity(), 2)));
    old.flip();
    bytes.put(old);
    wipe(old);
  }

  /** What was written since {@link #clear}; valid until something else is written. */
  public ByteBuffer written() {
    return bytes.duplicate().flip().asReadOnlyBuffer();
  }

  /** Overwrites all, and begins anew. */
  public void clear() {
    wipe(bytes);
    bytes.clear();
  }

  @Override
  public void close() {
    clear();
  }

  private static void wipe(ByteBuffer memory) {
    StateReader.wipe(memory);
  }
}
