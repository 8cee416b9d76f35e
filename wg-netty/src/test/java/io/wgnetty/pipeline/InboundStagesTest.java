package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import io.wgnetty.protocol.Endpoint;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The inbound stages behind the cipher, each by itself. The receiver is bob. */
class InboundStagesTest extends ChainTest {
  private static TunnelBatch process(ChannelHandler stage, TunnelBatch batch) {
    EmbeddedChannel channel = new EmbeddedChannel(stage);
    channel.writeInbound(batch);
    TunnelBatch passed = channel.readInbound();
    assertThat(passed).isSameAs(batch);
    return passed;
  }

  /** Opened packets of alice's session, with counters from {@code firstCounter} on. */
  private TunnelBatch opened(long firstCounter, byte[]... packets) {
    TunnelBatch batch = bob.batch(packets);
    for (int i = 0; i < batch.size(); i++) {
      batch.setSession(i, session(toAlice), firstCounter + i);
      batch.setSource(i, alice.place());
    }
    return batch;
  }

  @Test
  void shouldLetEveryCounterThroughOnce() {
    connect();
    byte[] packet = Packets.ipv4(ALICE, BOB, 40);
    TunnelBatch batch = opened(100, packet, packet, packet, packet);
    batch.setSession(2, batch.session(2), 101);
    batch.drop(3, DropReason.NOT_AUTHENTIC);
    process(new ReplayFilter(), batch);
    assertThat(batch.isLive(0)).isTrue();
    assertThat(batch.isLive(1)).isTrue();
    assertThat(batch.reason(2)).isEqualTo(DropReason.REPLAYED);
    assertThat(batch.reason(3)).isEqualTo(DropReason.NOT_AUTHENTIC);
    batch.release();

    TunnelBatch again = opened(100, packet, packet, packet, packet);
    process(new ReplayFilter(), again);
    assertThat(again.reason(0)).isEqualTo(DropReason.REPLAYED);
    assertThat(again.reason(1)).isEqualTo(DropReason.REPLAYED);
    assertThat(again.isLive(2)).isTrue();
    assertThat(again.isLive(3)).as("a dropped packet marks nothing").isTrue();
    again.release();
  }

  @Test
  void shouldNotLetTooOldCountersThrough() {
    connect();
    byte[] packet = Packets.ipv4(ALICE, BOB, 40);
    TunnelBatch batch = opened(20_000, packet, packet, packet);
    batch.setSession(1, batch.session(1), 20_000 - 8128);
    batch.setSession(2, batch.session(2), 20_000 - 8129);
    process(new ReplayFilter(), batch);
    assertThat(batch.isLive(1)).isTrue();
    assertThat(batch.reason(2)).isEqualTo(DropReason.REPLAYED);
    batch.release();
  }

  @Test
  void shouldEndKeepalivesAtThePeer() {
    connect();
    long receivedBefore = toAlice.receivedBytes();
    Endpoint moved = ChainNode.place(9);
    TunnelBatch batch = opened(100, new byte[0], Packets.ipv4(ALICE, BOB, 40), new byte[0]);
    batch.setSource(0, moved);
    batch.setSource(1, moved);
    batch.drop(2, DropReason.REPLAYED);
    process(new PeerUpdater(bob.shard(), bob::nowNs), batch);
    assertThat(batch.isLive(0)).isFalse();
    assertThat(batch.reason(0)).as("a keepalive is no drop").isNull();
    assertThat(batch.isLive(1)).isTrue();
    assertThat(toAlice.endpoint()).isEqualTo(moved);
    assertThat(toAlice.receivedBytes() - receivedBefore)
        .as("data is counted further on")
        .isEqualTo(32);
    batch.release();
  }

  @Test
  void shouldNotTellPeersOfDroppedPackets() {
    connect();
    TunnelBatch batch = opened(100, Packets.ipv4(ALICE, BOB, 40));
    batch.setSource(0, ChainNode.place(9));
    batch.drop(0, DropReason.REPLAYED);
    process(new PeerUpdater(bob.shard(), bob::nowNs), batch);
    assertThat(toAlice.endpoint()).isEqualTo(alice.place());
    batch.release();
  }

  private TunnelBatch filtered(byte[] packet) {
    return process(
        new AllowedIpsFilter(bob.allowedIps(), bob.shard().counters()), opened(100, packet));
  }

  private void assertFiltered(byte[] packet, DropReason reason) {
    long receivedBefore = toAlice.receivedBytes();
    TunnelBatch batch = filtered(packet);
    assertThat(batch.reason(0)).isEqualTo(reason);
    assertThat(batch.isLive(0)).isFalse();
    assertThat(toAlice.receivedBytes()).isEqualTo(receivedBefore);
    batch.release();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 500})
  void shouldCutThePaddingOff(int excess) {
    connect();
    long receivedBefore = toAlice.receivedBytes();
    byte[] v4 = Packets.ipv4(ALICE, BOB, 77);
    TunnelBatch batch = filtered(Arrays.copyOf(v4, v4.length + excess));
    assertThat(Packets.bytes(batch, 0)).isEqualTo(v4);
    batch.release();
    byte[] v6 = Packets.ipv6(ALICE, BOB, 90);
    batch = filtered(Arrays.copyOf(v6, v6.length + excess));
    assertThat(Packets.bytes(batch, 0)).isEqualTo(v6);
    batch.release();
    assertThat(toAlice.receivedBytes() - receivedBefore)
        .as("padding and overhead count")
        .isEqualTo(77 + 90 + 2 * (32 + excess));
  }

  @Test
  void shouldDropSourcesThatAreNotThePeers() {
    connect();
    bob.meet(join(9), "10.0.0.9/32", "fd00::9/128");
    assertFiltered(Packets.ipv4(77, BOB, 40), DropReason.WRONG_SOURCE);
    assertFiltered(Packets.ipv6(77, BOB, 60), DropReason.WRONG_SOURCE);
    assertFiltered(Packets.ipv4(9, BOB, 40), DropReason.WRONG_SOURCE);
    assertFiltered(Packets.ipv6(9, BOB, 60), DropReason.WRONG_SOURCE);
    assertFiltered(Packets.ipv4(BOB, ALICE, 40), DropReason.WRONG_SOURCE);
  }

  @Test
  void shouldDropWhatIsNoIpPacket() {
    connect();
    byte[] v4 = Packets.ipv4(ALICE, BOB, 40);
    byte[] v6 = Packets.ipv6(ALICE, BOB, 60);
    assertFiltered(new byte[] {0x45}, DropReason.INNER_NOT_IP);
    assertFiltered(Arrays.copyOf(v4, 19), DropReason.INNER_NOT_IP);
    assertFiltered(Arrays.copyOf(v6, 39), DropReason.INNER_NOT_IP);
    for (int version : new int[] {0, 1, 5, 7, 15}) {
      assertFiltered(Packets.with(v4, 0, version << 4 | 5), DropReason.INNER_NOT_IP);
    }
    assertFiltered(Packets.with(v4, 2, 0, 41), DropReason.INNER_LENGTH);
    assertFiltered(Packets.with(v4, 2, 0, 19), DropReason.INNER_LENGTH);
    assertFiltered(Packets.with(v4, 2, 0xff, 0xff), DropReason.INNER_LENGTH);
    assertFiltered(Packets.with(v6, 4, 0, 21), DropReason.INNER_LENGTH);
    assertFiltered(Packets.with(v6, 4, 0xff, 0xff), DropReason.INNER_LENGTH);
  }

  @Test
  void shouldPassOverWhatIsDroppedAlready() {
    connect();
    TunnelBatch batch = opened(100, new byte[40], Packets.ipv4(ALICE, BOB, 40));
    batch.drop(0, DropReason.REPLAYED);
    process(new AllowedIpsFilter(bob.allowedIps(), bob.shard().counters()), batch);
    assertThat(batch.reason(0)).isEqualTo(DropReason.REPLAYED);
    assertThat(batch.isLive(1)).isTrue();
    batch.release();
  }

  @Test
  void shouldCountEveryDropOnceAtTheEnd() {
    connect();
    TunnelBatch batch = opened(100, Packets.ipv4(ALICE, BOB, 40), new byte[40], new byte[40]);
    batch.drop(1, DropReason.REPLAYED);
    batch.finish(2);
    EmbeddedChannel channel = new EmbeddedChannel(new TunWriter(bob.tun(), bob.shard()));
    channel.writeInbound(batch);
    assertThat(channel.inboundMessages()).isEmpty();
    assertThat(bob.drops(DropReason.REPLAYED)).isEqualTo(1);
    assertThat(bob.delivered()).containsExactly(Packets.ipv4(ALICE, BOB, 40));
  }
}
