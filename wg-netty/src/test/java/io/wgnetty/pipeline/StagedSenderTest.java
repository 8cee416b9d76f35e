package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import io.wgnetty.tun.PacketBatchPool;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What waited leaves in batches, whomever it goes to. */
class StagedSenderTest {
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(owner -> new TunnelBatch(memory, owner));
  private final StagedSender sender = new StagedSender(pool);
  private final EmbeddedChannel channel = new EmbeddedChannel(sender);
  private final List<TunnelBatch> left = new ArrayList<>();

  private List<Peer> peersWithKeepalives(int count) {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Peer peer = LonePeer.numbered(i + 1);
      peer.staged().addKeepaliveIfEmpty();
      peers.add(peer);
    }
    return peers;
  }

  /** The sizes of the batches that have left. */
  private List<Integer> sizes() {
    for (TunnelBatch batch = channel.readInbound(); batch != null; batch = channel.readInbound()) {
      left.add(batch);
    }
    return left.stream().map(TunnelBatch::size).toList();
  }

  @AfterEach
  void releaseAll() {
    left.forEach(TunnelBatch::release);
    channel.finishAndReleaseAll();
  }

  /** A hundred timers that run out together cost one system call, not a hundred. */
  @Test
  void shouldSendKeepalivesOfManyPeersTogether() {
    List<Peer> peers = peersWithKeepalives(100);
    sender.collect();
    peers.forEach(sender::send);
    assertThat(sizes()).as("all of them first").isEmpty();
    sender.sendCollected();
    assertThat(sizes()).containsExactly(100);
    List<Peer> receivers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      receivers.add(left.getFirst().peer(i));
    }
    assertThat(receivers).isEqualTo(peers);
  }

  @Test
  void shouldSendABatchThatIsFullAndGoOn() {
    List<Peer> peers = peersWithKeepalives(300);
    sender.collect();
    peers.forEach(sender::send);
    sender.sendCollected();
    assertThat(sizes()).hasSizeBetween(2, 4);
    assertThat(sizes().stream().mapToInt(Integer::intValue).sum()).isEqualTo(300);
    assertThat(peers).allSatisfy(peer -> assertThat(peer.staged().isEmpty()).isTrue());
  }

  @Test
  void shouldSendAtOnceWhenNothingIsCollected() {
    List<Peer> peers = peersWithKeepalives(2);
    peers.forEach(sender::send);
    assertThat(sizes()).containsExactly(1, 1);
  }

  @Test
  void shouldSendNothingWhenNothingWasCollected() {
    sender.collect();
    sender.sendCollected();
    assertThat(sizes()).isEmpty();
  }
}
