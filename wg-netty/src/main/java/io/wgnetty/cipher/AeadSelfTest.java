package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What an {@link Aead} must do right before it is trusted: a known answer in both forms of the
 * interface, long enough to reach the code for wide registers, and the refusal of damaged packets.
 * A library of the right name may be of the wrong make, or broken on this processor.
 */
final class AeadSelfTest {
  private static final byte[] KEY =
      HexFormat.of().parseHex("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");

  private static final byte[] AAD = HexFormat.of().parseHex("50515253c0c1c2c3c4c5c6c7");

  /** All bytes differ, so that a nonce in the wrong byte order is seen. */
  private static final long COUNTER = 0x4746454443424140L;

  private static final byte[] SHORT_SEALED =
      HexFormat.of().parseHex("e819ad3e03ff60b0926900c2512d8ede77a4e823d03965fa54bf91f14fb71da9");

  /** The tag over the ciphertext of {@link #LONG_BYTES} bytes that count up from zero. */
  private static final byte[] LONG_TAG =
      HexFormat.of().parseHex("be6b61ac179b507bd5b1da60ba654064");

  private static final int SHORT_BYTES = 16;
  private static final int LONG_BYTES = 1424;

  private AeadSelfTest() {}

  /** Returns what is wrong; empty if all is well. */
  static String run(Aead aead) {
    String problem = smallMessage(aead);
    return problem.isEmpty() ? packets(aead) : problem;
  }

  private static String smallMessage(Aead aead) {
    byte[] plaintext = counting(SHORT_BYTES);
    byte[] sealed = new byte[SHORT_BYTES + Aead.TAG_BYTES];
    aead.seal(KEY, COUNTER, AAD, plaintext, sealed, 0);
    if (!Arrays.equals(sealed, SHORT_SEALED)) {
      return "sealed a message wrongly";
    }
    byte[] opened = new byte[SHORT_BYTES];
    if (!aead.open(KEY, COUNTER, AAD, sealed, 0, sealed.length, opened, 0)
        || !Arrays.equals(opened, plaintext)) {
      return "did not open its own message";
    }
    sealed[sealed.length - 1] ^= 1;
    if (aead.open(KEY, COUNTER, AAD, sealed, 0, sealed.length, opened, 0)) {
      return "took a damaged message for genuine";
    }
    return "";
  }

  /** A run of two equal packets, of which the second is damaged before they are opened. */
  private static String packets(Aead aead) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment key = arena.allocateFrom(ValueLayout.JAVA_BYTE, KEY);
      MemorySegment first = arena.allocate(LONG_BYTES + Aead.TAG_BYTES);
      MemorySegment second = arena.allocate(LONG_BYTES + Aead.TAG_BYTES);
      first.copyFrom(MemorySegment.ofArray(counting(LONG_BYTES)));
      second.copyFrom(first);

      AeadRun run = new AeadRun(2);
      run.add(first.address(), first.address(), LONG_BYTES, COUNTER);
      run.add(second.address(), second.address(), LONG_BYTES, COUNTER);
      aead.seal(key.address(), run);
      byte[] tag = first.asSlice(LONG_BYTES).toArray(ValueLayout.JAVA_BYTE);
      if (!Arrays.equals(tag, LONG_TAG) || first.mismatch(second) >= 0) {
        return "sealed a packet wrongly";
      }
      second.set(
          ValueLayout.JAVA_BYTE, 1000, (byte) (second.get(ValueLayout.JAVA_BYTE, 1000) ^ 0x80));

      run.clear();
      run.add(first.address(), first.address(), LONG_BYTES + Aead.TAG_BYTES, COUNTER);
      run.add(second.address(), second.address(), LONG_BYTES + Aead.TAG_BYTES, COUNTER);
      int genuine = aead.open(key.address(), run);
      byte[] opened = first.asSlice(0, LONG_BYTES).toArray(ValueLayout.JAVA_BYTE);
      if (!run.verified(0) || !Arrays.equals(opened, counting(LONG_BYTES))) {
        return "did not open its own packet";
      }
      return genuine == 1 && !run.verified(1) ? "" : "took a damaged packet for genuine";
    }
  }

  private static byte[] counting(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    for (int i = 0; i < lengthBytes; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
