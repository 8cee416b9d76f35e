package io.wgnetty.protocol;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.random.RandomGenerator;

/** Gives out prepared bytes, in the sizes and in the order in which they must be asked for. */
final class ScriptedRandom implements RandomGenerator {
  private final Deque<byte[]> prepared;

  ScriptedRandom(byte[]... prepared) {
    this.prepared = new ArrayDeque<>(Arrays.asList(prepared));
  }

  @Override
  public void nextBytes(byte[] bytes) {
    byte[] next = prepared.remove();
    if (next.length != bytes.length) {
      throw new AssertionError("asked for " + bytes.length + " bytes, not for " + next.length);
    }
    System.arraycopy(next, 0, bytes, 0, bytes.length);
  }

  @Override
  public long nextLong() {
    throw new AssertionError("only bytes are expected");
  }
}
