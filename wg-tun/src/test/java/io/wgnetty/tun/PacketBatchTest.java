package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.IllegalReferenceCountException;
import org.junit.jupiter.api.Test;

class PacketBatchTest {
  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final PacketBatchPool<PacketBatch> pool =
      new PacketBatchPool<>(owner -> new PacketBatch(allocator, owner) {});

  @Test
  void shouldKeepHeadroomAndTailroomAroundEveryPacket() {
    PacketBatch batch = pool.take();
    int previousEnd = 0;
    for (int length = 1; batch.hasRoom(length); length += 37) {
      assertThat(batch.nextOffset()).isGreaterThanOrEqualTo(previousEnd + PacketBatch.HEADROOM);
      int index = batch.add(length);
      assertThat(batch.offset(index) % 16).isZero();
      assertThat(batch.length(index)).isEqualTo(length);
      previousEnd = batch.offset(index) + length + PacketBatch.TAILROOM;
      assertThat(previousEnd).isLessThanOrEqualTo(PacketBatch.SLAB_BYTES);
    }
    batch.release();
  }

  @Test
  void shouldHaveRoomForItsCapacityOfSmallPacketsAndNoMore() {
    PacketBatch batch = pool.take();
    while (batch.hasRoom()) {
      batch.add(600);
    }
    assertThat(batch.size()).isEqualTo(PacketBatch.CAPACITY);
    assertThat(batch.hasRoom(0)).isFalse();
    batch.release();
  }

  @Test
  void shouldHaveRoomForThreeOfTheLargest() {
    PacketBatch batch = pool.take();
    while (batch.hasRoom()) {
      batch.add(PacketBatch.MAX_PACKET_BYTES);
    }
    assertThat(batch.size()).isEqualTo(3);
    batch.release();
  }

  @Test
  void shouldGiveTheSameBatchAgainAndEmpty() {
    PacketBatch first = pool.take();
    first.add(100);
    first.release();

    PacketBatch second = pool.take();
    assertThat(second).isSameAs(first);
    assertThat(second.size()).isZero();
    assertThat(second.nextOffset()).isEqualTo(PacketBatch.HEADROOM);
    second.release();
  }

  @Test
  void shouldFreeEveryByteAtTheEnd() {
    PacketBatch kept = pool.take();
    PacketBatch travelling = pool.take();
    kept.release();

    pool.close();
    travelling.release();

    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void shouldTakeBackWhatAnotherThreadReleases() throws InterruptedException {
    PacketBatch travelling = pool.take();
    Thread other = Thread.ofPlatform().start(travelling::release);
    other.join();
    assertThat(pool.take()).isSameAs(travelling);
    travelling.release();
  }

  @Test
  void shouldFreeWhatAnotherThreadReleasesAfterTheEnd() throws InterruptedException {
    PacketBatch travelling = pool.take();
    pool.close();
    Thread other = Thread.ofPlatform().start(travelling::release);
    other.join();
    assertThat(allocator.metric().usedDirectMemory()).isZero();
  }

  @Test
  void shouldNotHoardBatchesAfterABurst() {
    var burst = new PacketBatch[40];
    for (int i = 0; i < burst.length; i++) {
      burst[i] = pool.take();
    }
    for (PacketBatch batch : burst) {
      batch.release();
    }
    assertThat(allocator.metric().usedDirectMemory())
        .isLessThanOrEqualTo(16L * PacketBatch.SLAB_BYTES);
  }

  @Test
  void shouldGoBackOnlyWhenTheLastHolderLetsGo() {
    PacketBatch batch = pool.take();
    batch.add(1);

    assertThat(batch.retain()).isSameAs(batch);
    assertThat(batch.release()).isFalse();
    assertThat(batch.size()).isEqualTo(1);
    assertThat(batch.release()).isTrue();
    assertThat(batch.size()).isZero();
  }

  @Test
  void shouldRefuseToBeReleasedTwice() {
    PacketBatch batch = pool.take();
    batch.release();

    assertThatThrownBy(batch::release).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(batch::retain).isInstanceOf(IllegalReferenceCountException.class);
    assertThat(pool.take()).isNotSameAs(pool.take());
  }

  @Test
  void shouldBeGivenBackAtTheEndOfAPipelineThatIgnoresIt() {
    var channel = new EmbeddedChannel();
    PacketBatch batch = pool.take();

    channel.pipeline().fireChannelRead(batch.retain());
    channel.finishAndReleaseAll();

    assertThat(batch.refCnt()).isEqualTo(1);
    batch.release();
  }
}
