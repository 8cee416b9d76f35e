package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KeySlabTest {
  private static final int MORE_THAN_TWO_BLOCKS = 10_000;

  private final KeySlab slab = new KeySlab();

  @AfterEach
  void close() {
    slab.close();
  }

  @Test
  void shouldAllocateZeros() {
    assertThat(read(slab.allocate())).containsOnly(0).hasSize(32);
  }

  @Test
  void shouldStoreAKey() {
    long address = slab.allocate();
    long neighbour = slab.allocate();
    slab.store(address, key(7));
    assertThat(read(address)).isEqualTo(key(7));
    assertThat(read(neighbour)).containsOnly(0);
  }

  @Test
  void shouldWipeOnRelease() {
    long address = slab.allocate();
    slab.store(address, key(7));
    slab.release(address);
    assertThat(read(address)).containsOnly(0);
  }

  @Test
  void shouldLeaveNothingOfAKeyButALinkToAnotherFreePlace() {
    long[] addresses = new long[100];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = slab.allocate();
      slab.store(addresses[i], key(0xa5));
    }
    long before = 0;
    for (long address : addresses) {
      slab.release(address);
      byte[] left = read(address);
      assertThat(ByteBuffer.wrap(left).order(ByteOrder.nativeOrder()).getLong()).isEqualTo(before);
      assertThat(Arrays.copyOfRange(left, 8, 32)).containsOnly(0);
      before = address;
    }
    for (int i = addresses.length - 1; i >= 0; i--) {
      assertThat(slab.allocate()).isEqualTo(addresses[i]);
      assertThat(read(addresses[i])).as("the link is no key").containsOnly(0);
    }
  }

  @Test
  void shouldGiveNoPlaceToTwoWhateverTheOrder() {
    long seed = System.nanoTime();
    System.out.println("KeySlabTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> held = new ArrayList<>();
    Map<Long, byte[]> keys = new HashMap<>();
    for (int step = 0; step < 200_000; step++) {
      if (held.isEmpty() || random.nextInt(5) < (step < 100_000 ? 3 : 2)) {
        long address = slab.allocate();
        assertThat(read(address)).containsOnly(0);
        byte[] key = new byte[32];
        random.nextBytes(key);
        slab.store(address, key);
        held.add(address);
        assertThat(keys.put(address, key)).isNull();
      } else {
        int at = random.nextInt(held.size());
        long address = held.set(at, held.getLast());
        held.removeLast();
        assertThat(read(address)).isEqualTo(keys.remove(address));
        slab.release(address);
      }
    }
    assertThat(slab.inUse()).isEqualTo(held.size());
    keys.forEach((address, key) -> assertThat(read(address)).isEqualTo(key));
  }

  /** Two million sessions of one loop: the slab itself must not cost heap, nor grow slower. */
  @Test
  void shouldHoldFourMillionKeysWithoutHeapForEach() {
    int count = 4_000_000;
    long[] addresses = new long[count];
    byte[] key = key(7);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
    long beginNs = System.nanoTime();
    long longestNs = 0;
    for (int i = 0; i < count; i++) {
      long callNs = System.nanoTime();
      addresses[i] = slab.allocate();
      longestNs = Math.max(longestNs, System.nanoTime() - callNs);
      slab.store(addresses[i], key);
    }
    long filledNs = System.nanoTime();
    for (long address : addresses) {
      slab.release(address);
    }
    for (int i = count - 1; i >= 0; i--) {
      assertEquals(addresses[i], slab.allocate());
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
    System.out.printf(
        "%d keys: %d ms to fill, longest call %d us, %d ms to release and take again, %d KiB of heap%n",
        count,
        (filledNs - beginNs) / 1_000_000,
        longestNs / 1000,
        (System.nanoTime() - filledNs) / 1_000_000,
        allocated / 1024);
    assertThat(slab.inUse()).isEqualTo(count);
    assertThat(allocated).as("a bit for each, and little more").isLessThan(count);
  }

  @Test
  void shouldUseAReleasedPlaceAgain() {
    long address = slab.allocate();
    slab.release(address);
    assertThat(slab.allocate()).isEqualTo(address);
  }

  @Test
  void shouldDetectADoubleRelease() {
    long address = slab.allocate();
    slab.release(address);
    assertThatThrownBy(() -> slab.release(address)).isInstanceOf(IllegalStateException.class);
    assertThat(slab.inUse()).isZero();
  }

  @Test
  void shouldRefuseAddressesThatAreNotItsOwn() {
    assertThatThrownBy(() -> slab.release(4096)).isInstanceOf(IllegalStateException.class);
    long address = slab.allocate();
    assertThatThrownBy(() -> slab.release(address + 1)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> slab.release(address + 32)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> slab.release(Long.MAX_VALUE))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> slab.store(address + 32, key(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(slab.inUse()).isEqualTo(1);
  }

  @Test
  void shouldRefuseAKeyOfAnotherLength() {
    long address = slab.allocate();
    assertThatThrownBy(() -> slab.store(address, new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> slab.store(address, new byte[33]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldGrowWithoutMovingKeys() {
    long[] addresses = new long[MORE_THAN_TWO_BLOCKS];
    Set<Long> distinct = new HashSet<>();
    for (int i = 0; i < MORE_THAN_TWO_BLOCKS; i++) {
      addresses[i] = slab.allocate();
      slab.store(addresses[i], key(i));
      distinct.add(addresses[i]);
    }
    assertThat(distinct).hasSize(MORE_THAN_TWO_BLOCKS);
    assertThat(slab.inUse()).isEqualTo(MORE_THAN_TWO_BLOCKS);
    for (int i = 0; i < MORE_THAN_TWO_BLOCKS; i++) {
      assertThat(read(addresses[i])).isEqualTo(key(i));
      assertThat(addresses[i] % 32).isZero();
    }
    for (int i = MORE_THAN_TWO_BLOCKS - 1; i >= 0; i -= 2) {
      slab.release(addresses[i]);
    }
    assertThat(slab.inUse()).isEqualTo(MORE_THAN_TWO_BLOCKS / 2);
    for (int i = 0; i < MORE_THAN_TWO_BLOCKS; i += 2) {
      assertThat(read(addresses[i])).isEqualTo(key(i));
    }
    for (int i = 0; i < MORE_THAN_TWO_BLOCKS / 2; i++) {
      assertThat(distinct).contains(slab.allocate());
    }
  }

  @Test
  void shouldCloseOnceForAll() {
    slab.allocate();
    slab.close();
    slab.close();
    assertThat(slab.inUse()).isZero();
  }

  private static byte[] key(int number) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) number);
    key[31] = (byte) (number >>> 8);
    return key;
  }

  private static byte[] read(long address) {
    byte[] bytes = new byte[32];
    Memory.read(address, bytes, 0, 32);
    return bytes;
  }
}
