package io.wgnetty.state;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what a {@link StateWriter} has written, from whoever: every method throws a {@link
 * MalformedStateException} for what cannot be, and none reads beyond the end or makes more memory
 * than there are bytes.
 */
public final class StateReader {
  private static final int MAX_TEXTS = 4096;
  private static final int MAX_TEXT_BYTES = 4096;

  private final ByteBuffer bytes;

  /** Reads what is between the buffer's position and its limit, which it moves. */
  public StateReader(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  public boolean bool() {
    return within(byte8(), 0, 1, "a yes or no") == 1;
  }

  /** 0 to 255. */
  public int byte8() {
    return Byte.toUnsignedInt(space(Byte.BYTES).get());
  }

  public int int32() {
    return space(Integer.BYTES).getInt();
  }

  public long int64() {
    return space(Long.BYTES).getLong();
  }

  /** A number of things, of which there are at most so many. */
  public int count(int most) {
    return within(int32(), 0, most, "a number of things");
  }

  /** A number that lies within these bounds. */
  public int int32(int least, int most, String what) {
    return within(int32(), least, most, what);
  }

  public byte[] bytes(int count) {
    byte[] copy = new byte[count];
    space(count).get(copy);
    return copy;
  }

  /** A text of at most so many bytes. */
  public String text(int mostBytes) {
    byte[] encoded = bytes(count(Math.min(mostBytes, bytes.remaining())));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(encoded)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedStateException("a text is not UTF-8");
    }
  }

  /** Texts as a line of a configuration file may have them. */
  public List<String> texts() {
    int number = count(MAX_TEXTS);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      texts.add(text(MAX_TEXT_BYTES));
    }
    return List.copyOf(texts);
  }

  /** The bytes themselves: the caller takes so many at once. */
  public ByteBuffer space(int count) {
    if (bytes.remaining() < count) {
      throw new MalformedStateException("it ends too early");
    }
    return bytes;
  }

  /**
   * Takes all that is left.
   *
   * @param memory outside of the heap, for use if it is large enough; it is overwritten
   * @return where it is now
   */
  public ByteBuffer copyRest(ByteBuffer memory) {
    wipe(memory);
    int count = bytes.remaining();
    ByteBuffer copy = memory.capacity() < count ? ByteBuffer.allocateDirect(count) : memory;
    return copy.clear().put(bytes).flip();
  }

  public boolean hasMore() {
    return bytes.hasRemaining();
  }

  /** There must be nothing left. */
  public void end() {
    if (bytes.hasRemaining()) {
      throw new MalformedStateException(bytes.remaining() + " bytes too many");
    }
  }

  /** Overwrites the whole of the memory behind a buffer. */
  public static void wipe(ByteBuffer memory) {
    ByteBuffer all = memory.duplicate().clear();
    while (all.remaining() >= Long.BYTES) {
      all.putLong(0);
    }
    while (all.hasRemaining()) {
      all.put((byte) 0);
    }
  }

  private static int within(int value, int least, int most, String what) {
    if (value < least || value > most) {
      throw new MalformedStateException(what + " is " + value + ", not " + least + " to " + most);
    }
    return value;
  }
}
