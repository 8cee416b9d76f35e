package io.wgnetty.peer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagedQueueTest {
  private final StagedMemory memory = new StagedMemory();
  private final StagedQueue queue = new StagedQueue(LonePeer.numbered(1), memory);

  @Test
  void shouldGivePacketsInTheOrderTheyCame() {
    byte[] first = {1};
    byte[] second = {2};
    assertThat(queue.add(first)).isFalse();
    assertThat(queue.add(second)).isFalse();
    assertThat(queue.size()).isEqualTo(2);
    assertThat(queue.poll()).isSameAs(first);
    assertThat(queue.poll()).isSameAs(second);
    assertThat(queue.poll()).isNull();
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void shouldDropTheOldestWhenFull() {
    for (int i = 0; i < StagedQueue.LIMIT; i++) {
      assertThat(queue.add(new byte[] {(byte) i})).isFalse();
    }
    assertThat(queue.add(new byte[] {-1})).isTrue();
    assertThat(queue.add(new byte[] {-2})).isTrue();
    assertThat(queue.size()).isEqualTo(128);
    for (int i = 2; i < StagedQueue.LIMIT; i++) {
      assertThat(queue.poll()).containsExactly((byte) i);
    }
    assertThat(queue.poll()).containsExactly(-1);
    assertThat(queue.poll()).containsExactly(-2);
    assertThat(queue.poll()).isNull();
  }

  @Test
  void shouldTakeAKeepaliveOnlyIfNothingWaits() {
    queue.addKeepaliveIfEmpty();
    queue.addKeepaliveIfEmpty();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.poll()).isEmpty();
    assertThat(queue.poll()).isNull();
    queue.add(new byte[] {1});
    queue.addKeepaliveIfEmpty();
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.poll()).containsExactly(1);
  }

  @Test
  void shouldTellHowManyItThrewAway() {
    assertThat(queue.purge()).isZero();
    queue.add(new byte[] {1});
    queue.add(new byte[] {2});
    assertThat(queue.purge()).isEqualTo(2);
    assertThat(queue.isEmpty()).isTrue();
    assertThat(queue.size()).isZero();
    assertThat(queue.poll()).isNull();
    assertThat(queue.add(new byte[] {3})).isFalse();
    assertThat(queue.size()).isEqualTo(1);
  }
}
