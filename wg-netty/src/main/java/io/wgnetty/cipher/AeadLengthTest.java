package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Whether an {@link Aead} is right for packets of every length up to {@value #LENGTHS}: code for
 * wide registers treats what is left over at the end in a dozen different ways. Takes longer than
 * {@link AeadSelfTest}, so that it is not for those who wait.
 */
final class AeadLengthTest {
  static final int LENGTHS = 1536;
  static final int RUN = 64;

  /** Of all memory after sealing: ciphertexts, tags, and what no packet covers. */
  static final int SEALED_SUM = -1153072589;

  /** The same after opening. */
  static final int OPENED_SUM = 945434711;

  private static final int STRIDE_BYTES = LENGTHS + Aead.TAG_BYTES;

  private AeadLengthTest() {}

  /** Returns what is wrong; empty if all is well. */
  static String run(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocate(Aead.KEY_BYTES);
      key.fill((byte) 0xa7);
      MemorySegment packets = arena.allocate((long) RUN * STRIDE_BYTES);
      byte[] pattern = pattern();
      CRC32C sealed = new CRC32C();
      CRC32C opened = new CRC32C();
      AeadRun run = new AeadRun(RUN);
      for (int from = 0; from < LENGTHS; from += RUN) {
        ByteBuffer bytes = packets.asByteBuffer();
        bytes.put(0, pattern);
        fill(run, packets.address(), from, 0);
        aead.seal(key.address(), run);
        sealed.update(bytes.duplicate());

        fill(run, packets.address(), from, Aead.TAG_BYTES);
        int genuine = aead.open(key.address(), run);
        opened.update(bytes.duplicate());
        if (genuine != RUN) {
          return "did not open a packet of " + first(run, from, false) + " bytes";
        }
        fill(run, packets.address(), from, 0);
        aead.seal(key.address(), run);
        for (int i = 0; i < RUN; i++) {
          int at = i * STRIDE_BYTES + from + i + i % Aead.TAG_BYTES;
          bytes.put(at, (byte) (bytes.get(at) ^ 1 << i % Byte.SIZE));
        }
        fill(run, packets.address(), from, Aead.TAG_BYTES);
        if (aead.open(key.address(), run) != 0) {
          return "took a damaged packet of " + first(run, from, true) + " bytes for genuine";
        }
      }
      if ((int) sealed.getValue() != SEALED_SUM) {
        return "sealed a packet of some length wrongly";
      }
      return (int) opened.getValue() == OPENED_SUM ? "" : "opened a packet of some length wrongly";
    }
  }

  static byte[] pattern() {
    byte[] bytes = new byte[RUN * STRIDE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + (i >> 8));
    }
    return bytes;
  }

  /** Packets of the lengths that follow, one beside the other. */
  private static void fill(AeadRun run, long address, int from, int moreBytes) {
    run.clear();
    for (int i = 0; i < RUN; i++) {
      long place = address + (long) i * STRIDE_BYTES;
      run.add(place, place, from + i + moreBytes, counter(from + i));
    }
  }

  static long counter(int length) {
    return 0x0102_0304_0506_0708L * length;
  }

  private static int first(AeadRun run, int from, boolean verified) {
    for (int i = 0; i < RUN; i++) {
      if (run.verified(i) == verified) {
        return from + i;
      }
    }
    return from;
  }
}
