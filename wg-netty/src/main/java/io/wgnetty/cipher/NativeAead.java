package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * An {@link Aead} of a native library: what does not depend on which one. Keeps the nonce and the
 * copies of small messages in native memory, and forgets the key after each call. Runs are sealed
 * and opened packet by packet, unless the library can do more.
 */
abstract class NativeAead implements Aead {
  static final int NONCE_BYTES = 12;

  private static final int NONCE_OFFSET = 0;
  private static final int COUNTER_OFFSET = 4;
  private static final int RESULT_OFFSET = 16;
  private static final int NO_KEY_OFFSET = 32;
  private static final int KEY_OFFSET = 64;
  private static final int WORK_BYTES = 96;

  /** All messages of a handshake fit; the memory grows for larger ones. */
  private static final int INITIAL_MESSAGE_BYTES = 512;

  private static final ValueLayout.OfLong COUNTER =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final NativeScratch scratch = new NativeScratch(WORK_BYTES);
  private final MemorySegment work = scratch.memory();
  private NativeScratch message = new NativeScratch(INITIAL_MESSAGE_BYTES);

  /** The nonce of the packet at hand. */
  final long nonceAddress = work.address() + NONCE_OFFSET;

  /** Room for a length that a function insists on reporting. */
  final long resultAddress = work.address() + RESULT_OFFSET;

  /** A key of zeros, put in the place of a real one after use: it overwrites the library's copy. */
  final long noKeyAddress = work.address() + NO_KEY_OFFSET;

  /** Takes a key for {@link #sealOne}. */
  abstract void keyToSeal(long keyAddress);

  /** Takes a key for {@link #openOne}. */
  abstract void keyToOpen(long keyAddress);

  abstract void sealOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes);

  /** Opens {@code lengthBytes}, tag included and at least that. */
  abstract boolean openOne(
      long aadAddress, int aadBytes, long sourceAddress, long destinationAddress, int lengthBytes);

  /** Gives the library's own memory back. */
  abstract void free();

  @Override
  public void seal(long keyAddress, AeadRun run) {
    requireOpen();
    keyToSeal(keyAddress);
    try {
      for (int i = 0; i < run.size(); i++) {
        run.placeHeader(i);
        setCounter(run.counter(i));
        sealOne(0, 0, run.source(i), run.destination(i), run.length(i));
      }
    } finally {
      keyToSeal(noKeyAddress);
    }
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    requireOpen();
    int genuine = 0;
    keyToOpen(keyAddress);
    try {
      for (int i = 0; i < run.size(); i++) {
        setCounter(run.counter(i));
        boolean verified =
            run.length(i) >= TAG_BYTES
                && openOne(0, 0, run.source(i), run.destination(i), run.length(i));
        run.setVerified(i, verified);
        if (verified) {
          genuine++;
        }
      }
    } finally {
      keyToOpen(noKeyAddress);
    }
    return genuine;
  }

  @Override
  public final void seal(
      byte[] key, long counter, byte[] aad, byte[] plaintext, byte[] out, int outOffset) {
    int sealedBytes = plaintext.length + TAG_BYTES;
    Objects.checkFromIndexSize(outOffset, sealedBytes, out.length);
    requireOpen();
    long address = stage(key, counter, aad, plaintext, 0, plaintext.length);
    try {
      keyToSeal(work.address() + KEY_OFFSET);
      sealOne(message.memory().address(), aad.length, address, address, plaintext.length);
      Memory.read(address, out, outOffset, sealedBytes);
    } finally {
      keyToSeal(noKeyAddress);
      forgetMessage(aad.length + sealedBytes);
    }
  }

  @Override
  public final boolean open(
      byte[] key,
      long counter,
      byte[] aad,
      byte[] in,
      int inOffset,
      int inLength,
      byte[] out,
      int outOffset) {
    Objects.checkFromIndexSize(inOffset, inLength, in.length);
    if (inLength < TAG_BYTES) {
      return false;
    }
    Objects.checkFromIndexSize(outOffset, inLength - TAG_BYTES, out.length);
    requireOpen();
    long address = stage(key, counter, aad, in, inOffset, inLength);
    try {
      keyToOpen(work.address() + KEY_OFFSET);
      boolean verified =
          openOne(message.memory().address(), aad.length, address, address, inLength);
      if (verified) {
        Memory.read(address, out, outOffset, inLength - TAG_BYTES);
      }
      return verified;
    } finally {
      keyToOpen(noKeyAddress);
      forgetMessage(aad.length + inLength);
    }
  }

  @Override
  public final void close() {
    if (!scratch.isOpen()) {
      return;
    }
    free();
    message.close();
    scratch.close();
  }

  /** Freed memory must not reach the library: it would not throw. */
  final void requireOpen() {
    if (!scratch.isOpen()) {
      throw new IllegalStateException("the cipher is closed");
    }
  }

  /** The nonce of the packet at hand, as the number that it is. */
  final long counter() {
    return work.get(COUNTER, NONCE_OFFSET + COUNTER_OFFSET);
  }

  private void setCounter(long counter) {
    work.set(COUNTER, NONCE_OFFSET + COUNTER_OFFSET, counter);
  }

  /**
   * Copies what a small message takes: the additional data and, after it, the message and room for
   * a tag. Returns the message's address.
   */
  private long stage(
      byte[] key, long counter, byte[] aad, byte[] content, int offset, int lengthBytes) {
    long needed = (long) aad.length + lengthBytes + TAG_BYTES;
    if (message.memory().byteSize() < needed) {
      message.close();
      message = new NativeScratch(needed);
    }
    MemorySegment memory = message.memory();
    MemorySegment.copy(key, 0, work, ValueLayout.JAVA_BYTE, KEY_OFFSET, KEY_BYTES);
    setCounter(counter);
    MemorySegment.copy(aad, 0, memory, ValueLayout.JAVA_BYTE, 0, aad.length);
    MemorySegment.copy(content, offset, memory, ValueLayout.JAVA_BYTE, aad.length, lengthBytes);
    return memory.address() + aad.length;
  }

  private void forgetMessage(int lengthBytes) {
    scratch.wipe(KEY_OFFSET, KEY_BYTES);
    message.wipe(0, lengthBytes);
  }
}
