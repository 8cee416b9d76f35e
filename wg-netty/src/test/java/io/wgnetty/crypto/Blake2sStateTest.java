package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** One digest after the other with the same memory. */
final class Blake2sStateTest {
  private static final int MAC_OFFSET = 116;

  private final long seed = System.nanoTime();
  private final SplittableRandom random = new SplittableRandom(seed);
  private final Blake2sState state = new Blake2sState();

  @Test
  void shouldComputeEachDigestAsIfItWereTheFirst() {
    System.out.println("Blake2sStateTest seed " + seed);
    MacKey key = new MacKey(bytes(32));
    for (int i = 0; i < 20_000; i++) {
      byte[] data = bytes(random.nextInt(200));
      int cut = random.nextInt(data.length + 1);
      byte[] out = new byte[40];
      byte[] expected;
      switch (random.nextInt(4)) {
        case 0 -> {
          byte[] tail = Arrays.copyOfRange(data, cut, data.length);
          out = new byte[32];
          state.hash(Arrays.copyOf(data, cut), tail, out);
          expected = Blake2sTest.reference(null, 32, data);
        }
        case 1 -> {
          out = new byte[32];
          state.hash(Arrays.copyOf(data, cut), data, cut, data.length - cut, out);
          expected = Blake2sTest.reference(null, 32, data);
        }
        case 2 -> {
          byte[] cookie = bytes(random.nextBoolean() ? 16 : 32);
          state.mac(cookie, data, 0, data.length, out, 3);
          out = Arrays.copyOfRange(out, 3, 19);
          expected = Blake2sTest.reference(cookie, 16, data);
        }
        default -> {
          state.mac(key, data, cut, data.length - cut, out, 5);
          out = Arrays.copyOfRange(out, 5, 21);
          expected = Blake2sTest.reference(key.key, 16, Arrays.copyOfRange(data, cut, data.length));
        }
      }
      assertThat(out).as("seed %d, step %d", seed, i).isEqualTo(expected);
    }
  }

  @Test
  void shouldHashIntoTheArraysOfItsInputs() {
    byte[] first = bytes(32);
    byte[] second = bytes(32);
    byte[] expected = Blake2s.hash(first, second);
    state.hash(first.clone(), second, second);
    assertThat(second).isEqualTo(expected);
  }

  @Test
  void shouldTellAMacFromAnyOther() {
    byte[] key = bytes(32);
    byte[] message = bytes(148);
    for (int macOffset : new int[] {0, 16, 63, 64, 65, MAC_OFFSET, 128, 132}) {
      Blake2s.mac(key, message, 0, macOffset, message, macOffset);
      assertThat(state.isMac(key, message, macOffset)).isTrue();
      assertThat(state.isMac(new MacKey(key), message, macOffset)).isTrue();
      for (int bit = 0; bit < (macOffset + Blake2s.MAC_BYTES) * 8; bit++) {
        message[bit / 8] ^= (byte) (1 << bit % 8);
        assertThat(state.isMac(key, message, macOffset)).isFalse();
        message[bit / 8] ^= (byte) (1 << bit % 8);
      }
      key[0] ^= 1;
      assertThat(state.isMac(key, message, macOffset)).isFalse();
      key[0] ^= 1;
    }
  }

  @Test
  void shouldMakeNoGarbage() {
    byte[] message = bytes(148);
    MacKey key = new MacKey(bytes(32));
    byte[] hash = new byte[32];
    Kdf kdf = new Kdf(state);
    byte[] other = new byte[32];
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = 0;
    int rounds = 1000;
    for (int part = 0; part < 2; part++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < rounds; i++) {
        message[0] = (byte) (state.isMac(key, message, MAC_OFFSET) ? 1 : 0);
        state.hash(hash, message, hash);
        kdf.derive(hash, other, hash, other);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    // The list of outputs of a derivation is an array of two, unless the compiler sees through it.
    assertThat(allocated / rounds).isLessThanOrEqualTo(24);
  }

  @Test
  void shouldKeepNothingOfWhatItComputed() throws ReflectiveOperationException {
    byte[] key = bytes(32);
    byte[] message = bytes(148);
    byte[] out = new byte[32];
    state.mac(key, message, 0, 132, out, 0);
    assertClean(state);
    state.isMac(key, message, 132);
    assertClean(state);
    state.hash(key, message, out);
    assertClean(state);
    Kdf kdf = new Kdf(state);
    kdf.derive(key, message, out, new byte[32], new byte[32]);
    assertClean(state);
    assertClean(kdf);
    MacKey macKey = new MacKey(key);
    macKey.wipe();
    assertClean(macKey);
  }

  private static void assertClean(Object holder) throws ReflectiveOperationException {
    int arrays = 0;
    for (Field field : holder.getClass().getDeclaredFields()) {
      if (field.getType() == byte[].class && !isStatic(field)) {
        field.setAccessible(true);
        assertThat((byte[]) field.get(holder)).as(field.getName()).containsOnly(0);
        arrays++;
      } else if (field.getType() == int[].class && !isStatic(field)) {
        field.setAccessible(true);
        assertThat((int[]) field.get(holder)).as(field.getName()).containsOnly(0);
        arrays++;
      }
    }
    assertThat(arrays).isPositive();
  }

  private static boolean isStatic(Field field) {
    return java.lang.reflect.Modifier.isStatic(field.getModifiers());
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
