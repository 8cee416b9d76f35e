package io.wgnetty.storm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers in messages. */
final class Words {
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Words() {}

  static int get(byte[] message, int offset) {
    return (int) INTS.get(message, offset);
  }

  static void put(byte[] message, int offset, int word) {
    INTS.set(message, offset, word);
  }

  static long getLong(byte[] message, int offset) {
    return (long) LONGS.get(message, offset);
  }

  static void putLong(byte[] message, int offset, long word) {
    LONGS.set(message, offset, word);
  }
}
