package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
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
