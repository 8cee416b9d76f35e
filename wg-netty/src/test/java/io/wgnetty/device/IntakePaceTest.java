package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.tun.PacketBatchPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntakePaceTest {
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(owner -> new TunnelBatch(UnpooledByteBufAllocator.DEFAULT, owner));
  private final List<Long> restsNs = new ArrayList<>();
  private boolean openToAll;
  private int asked;
  private final EmbeddedChannel channel =
      new EmbeddedChannel(new IntakePace(new UdpSockets(), restsNs::add, this::isOpenToAll));

  private boolean isOpenToAll() {
    asked++;
    return openToAll;
  }

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
    pool.close();
  }

  /** What one turn of the loop reads: batches of so many datagrams. */
  private void turn(int... batches) {
    for (int datagrams : batches) {
      TunnelBatch batch = pool.take();
      for (int i = 0; i < datagrams; i++) {
        batch.add(1);
      }
      channel.pipeline().fireChannelRead(batch);
    }
    channel.pipeline().fireChannelReadComplete();
  }

  @Test
  void shouldServeASingleCallerAtOnce() {
    turn(1);
    turn(1);
    turn();
    assertThat(restsNs).isEmpty();
  }

  @Test
  void shouldRestAfterATurnThatFoundSeveral() {
    turn(2);
    assertThat(restsNs).containsExactly(IntakePace.REST_NS);
    turn(1);
    assertThat(restsNs).as("the next turn counts for itself").hasSize(1);
  }

  @Test
  void shouldCountAllBatchesOfATurn() {
    turn(1, 1);
    assertThat(restsNs).hasSize(1);
  }

  @Test
  void shouldReadAFleetAsFastAsItComesWhileTheWorkersTakeIt() {
    openToAll = true;
    turn(64);
    turn(40, 30);
    assertThat(restsNs).isEmpty();
    turn(63);
    assertThat(restsNs).as("no fleet").hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 200})
  void shouldRestHoweverManyComeOnceSourcesHaveToProveThemselves(int datagrams) {
    turn(datagrams);
    assertThat(restsNs).containsExactly(IntakePace.REST_NS);
  }

  @Test
  void shouldAskAfterEveryTurnWhetherTheWorkersTakeAll() {
    turn(1);
    turn();
    assertThat(asked).as("also notices that load is over").isEqualTo(2);
  }

  @Test
  void shouldPassEverythingOn() {
    turn(3, 5);
    TunnelBatch first = channel.readInbound();
    TunnelBatch second = channel.readInbound();
    assertThat(first.size()).isEqualTo(3);
    assertThat(second.size()).isEqualTo(5);
    first.release();
    second.release();
  }
}
