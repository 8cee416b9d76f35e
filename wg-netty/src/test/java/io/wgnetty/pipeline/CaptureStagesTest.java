package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.LimitText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a capture sees in both chains of alice, and that it changes nothing. */
class CaptureStagesTest extends ChainTest {
  private static final long NOW = 1_793_491_200_000_000_000L;

  private final CaptureQueue queue = new CaptureQueue();

  private void begin(CaptureFilter filter) {
    CaptureStages.addInbound(alice.udp(), queue, filter, () -> NOW);
    CaptureStages.addOutbound(alice.tun(), queue, filter, () -> NOW);
  }

  private static CaptureFilter everything() {
    return new CaptureFilter(null, false, CaptureFilter.MAX_SNAP_BYTES);
  }

  private List<CapturedPacket> captured() {
    List<CapturedPacket> all = new ArrayList<>();
    for (CapturedPacket packet = queue.poll(); packet != null; packet = queue.poll()) {
      all.add(packet);
    }
    return all;
  }

  private static void expect(
      CapturedPacket packet, boolean outbound, byte[] bytes, @Nullable DropReason reason) {
    assertThat(packet.outbound()).isEqualTo(outbound);
    assertThat(packet.bytes()).isEqualTo(bytes);
    assertThat(packet.originalBytes()).isEqualTo(bytes.length);
    assertThat(packet.reason()).isEqualTo(reason);
    assertThat(packet.epochNs()).isEqualTo(NOW);
  }

  @Test
  void shouldSeeInnerPacketsOfBothDirectionsOnce() {
    connect();
    begin(everything());
    byte[] out = Packets.ipv4(ALICE, BOB, 77);
    byte[] in = Packets.ipv6(BOB, ALICE, 91);
    alice.send(out);
    settle();
    bob.send(in);
    settle();
    assertThat(bob.delivered()).containsExactly(out);
    assertThat(alice.delivered()).containsExactly(in);
    List<CapturedPacket> all = captured();
    assertThat(all).hasSize(2);
    expect(all.get(0), true, out, null);
    expect(all.get(1), false, in, null);
    assertThat(all).allMatch(packet -> bob.identity().publicKey().equals(packet.peer()));
  }

  @Test
  void shouldSeeAPacketThatWaitedWhenItLeaves() {
    begin(everything());
    byte[] first = Packets.ipv4(ALICE, BOB, 60);
    alice.send(first);
    assertThat(captured()).isEmpty();
    settle();
    assertThat(bob.delivered()).containsExactly(first);
    List<CapturedPacket> all = captured();
    assertThat(all).hasSize(1);
    expect(all.getFirst(), true, first, null);
  }

  @Test
  void shouldSeeDroppedPacketsWithTheirReason() {
    connect();
    begin(new CaptureFilter(null, true, CaptureFilter.MAX_SNAP_BYTES));
    byte[] toNobody = Packets.ipv4(ALICE, 99, 88);
    alice.send(Packets.ipv4(ALICE, BOB, 40), toNobody);
    settle();
    byte[] fromElsewhere = Packets.ipv4(77, ALICE, 96);
    bob.send(fromElsewhere);
    settle();
    assertThat(alice.drops(DropReason.NO_PEER)).isOne();
    assertThat(alice.drops(DropReason.WRONG_SOURCE)).isOne();
    List<CapturedPacket> all = captured();
    assertThat(all).hasSize(2);
    expect(all.get(0), true, toNobody, DropReason.NO_PEER);
    assertThat(all.get(0).peer()).isNull();
    expect(all.get(1), false, fromElsewhere, DropReason.WRONG_SOURCE);
    assertThat(all.get(1).peer()).isEqualTo(bob.identity().publicKey());
  }

  @Test
  void shouldSeeWhatALimitDropsInBothDirectionsWithItsLength() {
    connect();
    freezeTime();
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    begin(new CaptureFilter(null, true, CaptureFilter.MAX_SNAP_BYTES));
    byte[][] packets = new byte[120][];
    for (int i = 0; i < packets.length; i++) {
      packets[i] = Packets.ipv4(ALICE, BOB, 1000);
    }
    alice.send(packets);
    List<CapturedPacket> all = captured();
    assertThat(all).isNotEmpty().hasSize((int) alice.drops(DropReason.SEND_LIMIT));
    all.forEach(packet -> expect(packet, true, packets[0], DropReason.SEND_LIMIT));
    settle();
    bob.delivered();

    toBob.setTerms(FlowTerms.of(LimitText.parse("in 8M"), null), alice.nowNs());
    byte[] odd = Packets.ipv4(BOB, ALICE, 1001); // with padding, which is not the packet's
    for (int i = 0; i < 120; i++) {
      bob.send(odd);
    }
    settle();
    all = captured();
    assertThat(all).isNotEmpty().hasSize((int) alice.drops(DropReason.RECEIVE_LIMIT));
    all.forEach(packet -> expect(packet, false, odd, DropReason.RECEIVE_LIMIT));
    assertThat(all).allMatch(packet -> bob.identity().publicKey().equals(packet.peer()));
  }

  @Test
  void shouldSeePartsOfASuperPacketThatALimitDrops() {
    connect();
    freezeTime();
    toBob.setTerms(
        FlowTerms.of(LimitText.parse("out 100k"), null), alice.nowNs()); // 100 ms are 1250 bytes
    alice.send(Packets.ipv4(ALICE, BOB, 1000));
    begin(new CaptureFilter(null, true, CaptureFilter.MAX_SNAP_BYTES));
    TunnelBatch batch = alice.batch(SuperPackets.tcp(ALICE, BOB, 9_600));
    batch.setSegments(0, SuperPackets.HEADER_BYTES, 960);
    alice.tun().writeInbound(batch);
    List<CapturedPacket> all = captured();
    assertThat(all).hasSize(9).hasSize((int) alice.drops(DropReason.SEND_LIMIT));
    assertThat(all)
        .allMatch(packet -> packet.reason() == DropReason.SEND_LIMIT)
        .allMatch(packet -> packet.originalBytes() == 1_000 && packet.bytes().length == 1_000)
        .allMatch(packet -> bob.identity().publicKey().equals(packet.peer()));

    alice.shard().remove(toBob);
    alice.tun().advanceTimeBy(TrafficShaper.TICK_NS, TimeUnit.NANOSECONDS);
    alice.passTime(TimeUnit.SECONDS.toNanos(1));
    alice.tun().runScheduledPendingTasks();
    assertThat(captured()).as("what waited for a peer that is removed").hasSize(1);
  }

  @Test
  void shouldSeeWhatALimitDropsOfPacketsThatWaitedForASession() {
    begin(new CaptureFilter(null, true, CaptureFilter.MAX_SNAP_BYTES));
    freezeTime();
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 100k"), null), alice.nowNs());
    byte[] packet = Packets.ipv4(ALICE, BOB, 900);
    alice.send(packet, packet, packet, packet, packet);
    assertThat(captured()).isEmpty();
    settle();
    List<CapturedPacket> all = captured();
    assertThat(all).isNotEmpty().hasSize((int) alice.drops(DropReason.SEND_LIMIT));
    all.forEach(each -> expect(each, true, packet, DropReason.SEND_LIMIT));
  }

  private void freezeTime() {
    alice.udp().freezeTime();
    alice.tun().freezeTime();
  }

  @Test
  void shouldSeeOnePeerOnly() {
    ChainNode carol = join(3);
    connect();
    begin(new CaptureFilter(carol.identity().publicKey(), false, CaptureFilter.MAX_SNAP_BYTES));
    byte[] toCarol = Packets.ipv4(ALICE, 3, 50);
    alice.send(Packets.ipv4(ALICE, BOB, 50), toCarol, Packets.ipv4(ALICE, 99, 50));
    settle();
    List<CapturedPacket> all = captured();
    assertThat(all).hasSize(1);
    expect(all.getFirst(), true, toCarol, null);
  }

  @Test
  void shouldKeepTheBeginningOfALongPacket() {
    connect();
    begin(new CaptureFilter(null, false, 28));
    byte[] packet = Packets.ipv4(ALICE, BOB, 1000);
    alice.send(packet);
    settle();
    CapturedPacket only = captured().getFirst();
    assertThat(only.bytes()).isEqualTo(java.util.Arrays.copyOf(packet, 28));
    assertThat(only.originalBytes()).isEqualTo(1000);
  }

  @Test
  void shouldLoseAndCountWhatNobodyReads() {
    connect();
    begin(everything());
    byte[] packet = Packets.ipv4(ALICE, BOB, 1400);
    int packets = (int) (CaptureQueue.MAX_BYTES / (1400 + CaptureQueue.PACKET_OVERHEAD_BYTES)) + 10;
    for (int i = 0; i < packets; i++) {
      assertThat(sealed(packet)).hasSize(1);
    }
    long lost = queue.lost();
    assertThat(lost).isBetween(9L, 11L);
    assertThat(captured()).hasSize(packets - (int) lost);
    alice.send(packet);
    settle();
    assertThat(captured()).as("there is room again").hasSize(1);
    assertThat(queue.lost()).isEqualTo(lost);
  }

  @Test
  void shouldLeaveTheChainsAsTheyWere() {
    Map<String, ?> inbound = alice.udp().pipeline().toMap();
    Map<String, ?> outbound = alice.tun().pipeline().toMap();
    connect();
    begin(everything());
    assertThat(alice.udp().pipeline().toMap()).hasSize(inbound.size() + 3);
    CaptureStages.remove(alice.udp());
    CaptureStages.remove(alice.tun());
    CaptureStages.remove(alice.tun());
    assertThat(alice.udp().pipeline().toMap()).isEqualTo(inbound);
    assertThat(alice.tun().pipeline().toMap()).isEqualTo(outbound);
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 100k"), null), alice.nowNs());
    alice.send(Packets.ipv4(ALICE, BOB, 50));
    settle();
    assertThat(captured()).isEmpty();
  }
}
