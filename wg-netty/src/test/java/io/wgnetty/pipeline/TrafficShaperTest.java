package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.counters.DropReason;
import io.wgnetty.inner.Ecn;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.LimitText;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** At 8 Mbit/s a packet of 1000 bytes takes a millisecond, and six may go at once. */
class TrafficShaperTest extends ChainTest {
  private static final int AT_ONCE = 6;
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  @BeforeEach
  void begin() {
    connect();
    for (ChainNode node : List.of(alice, bob)) {
      node.udp().freezeTime();
      node.tun().freezeTime();
    }
  }

  private static byte[] packet(int source, int destination, int number) {
    byte[] packet = Packets.ipv4(source, destination, 1000);
    ByteBuffer.wrap(packet).putInt(996, number);
    return packet;
  }

  private static byte[][] packets(int source, int destination, int count) {
    byte[][] packets = new byte[count][];
    for (int i = 0; i < count; i++) {
      packets[i] = packet(source, destination, i);
    }
    return packets;
  }

  private static List<Integer> numbers(List<byte[]> packets) {
    return packets.stream().map(packet -> ByteBuffer.wrap(packet).getInt(996)).toList();
  }

  private static List<Integer> range(int from, int to) {
    List<Integer> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(i);
    }
    return all;
  }

  /** Lets a node's clock and its channels' go on by so much, a tick at a time. */
  private void pass(ChainNode node, long ns) {
    for (long passed = 0; passed < ns; passed += TrafficShaper.TICK_NS) {
      node.passTime(TrafficShaper.TICK_NS);
      for (EmbeddedChannel channel : List.of(node.udp(), node.tun())) {
        channel.advanceTimeBy(TrafficShaper.TICK_NS, TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
      }
    }
  }

  @Test
  void shouldSendAtTheLimitInOrder() {
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    alice.send(packets(ALICE, BOB, 50));
    settle();
    assertThat(numbers(bob.delivered())).isEqualTo(range(0, AT_ONCE));
    pass(alice, 10 * MS);
    settle();
    assertThat(numbers(bob.delivered())).isEqualTo(range(AT_ONCE, AT_ONCE + 10));
    pass(alice, 100 * MS);
    settle();
    assertThat(numbers(bob.delivered())).isEqualTo(range(AT_ONCE + 10, 50));
    assertThat(alice.drops(DropReason.SEND_LIMIT)).isZero();
  }

  @Test
  void shouldReceiveAtTheLimitInOrder() {
    toAlice.setTerms(FlowTerms.of(LimitText.parse("in 8M"), null), bob.nowNs());
    alice.send(packets(ALICE, BOB, 50));
    settle();
    assertThat(numbers(bob.delivered())).isEqualTo(range(0, AT_ONCE));
    pass(bob, 10 * MS);
    assertThat(numbers(bob.delivered())).isEqualTo(range(AT_ONCE, AT_ONCE + 10));
    alice.send(packet(ALICE, BOB, 50));
    settle();
    pass(bob, 100 * MS);
    assertThat(numbers(bob.delivered())).isEqualTo(range(AT_ONCE + 10, 51));
    assertThat(bob.drops(DropReason.RECEIVE_LIMIT)).isZero();
  }

  @Test
  void shouldDropWhatWouldWaitTooLongAndCountIt() {
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    toAlice.setTerms(FlowTerms.of(LimitText.parse("in 4M"), null), bob.nowNs());
    alice.send(packets(ALICE, BOB, 200));
    settle();
    pass(alice, 300 * MS);
    settle();
    assertThat(alice.drops(DropReason.SEND_LIMIT)).isEqualTo(200 - 100 - AT_ONCE);
    assertThat(toBob.drops()).containsEntry(DropReason.SEND_LIMIT, 94L);
    assertThat(bob.drops(DropReason.RECEIVE_LIMIT)).isPositive();
    long held = bob.drops(DropReason.RECEIVE_LIMIT) + bob.delivered().size();
    pass(bob, 300 * MS);
    assertThat(held + bob.delivered().size()).isEqualTo(100 + AT_ONCE);
  }

  @Test
  void shouldTellOnceInAMinuteThatALimitIsReached() {
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    var unusedBefore = alice.events().take();
    alice.send(packets(ALICE, BOB, 200));
    settle();
    alice.send(packets(ALICE, BOB, 20));
    assertThat(alice.events().take()).containsOnlyOnce("limit reached: send-limit");
    alice.passTime(61_000 * MS);
    alice.send(packets(ALICE, BOB, 200));
    assertThat(alice.events().take()).containsOnlyOnce("limit reached: send-limit");
  }

  @Test
  void shouldMarkWhatWaitedAndCanBeMarked() {
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    byte[][] packets = packets(ALICE, BOB, 40);
    for (byte[] packet : packets) {
      packet[1] = Ecn.ECT_0;
    }
    packets[39][1] = Ecn.NOT_ECT;
    alice.send(packets);
    settle();
    pass(alice, 50 * MS);
    settle();
    List<Integer> marks =
        bob.delivered().stream().map(packet -> Ecn.of(ByteBuffer.wrap(packet), 0)).toList();
    assertThat(marks).hasSize(40);
    assertThat(marks.subList(0, 10)).containsOnly(Ecn.ECT_0);
    assertThat(marks.subList(20, 39)).containsOnly(Ecn.CE);
    assertThat(marks.get(39)).isEqualTo(Ecn.NOT_ECT);
  }

  @Test
  void shouldLeaveOtherPeersAlone() {
    ChainNode carol = join(3);
    toBob.setTerms(FlowTerms.of(LimitText.parse("8M"), null), alice.nowNs());
    alice.send(Packets.ipv4(ALICE, 3, 40));
    settle();
    carol.delivered();
    alice.send(packets(ALICE, 3, 200));
    settle();
    assertThat(carol.delivered()).hasSize(200);
  }

  @Test
  void shouldCutSuperPacketsThatWait() {
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    alice.send(packets(ALICE, BOB, AT_ONCE));
    settle();
    bob.delivered();
    byte[] whole = SuperPackets.tcp(ALICE, BOB, 9_600);
    TunnelBatch batch = alice.batch(whole);
    batch.setSegments(0, SuperPackets.HEADER_BYTES, 960);
    alice.tun().writeInbound(batch);
    settle();
    assertThat(bob.delivered()).isEmpty();
    pass(alice, 5 * MS);
    settle();
    assertThat(bob.delivered()).hasSize(5).allMatch(packet -> packet.length == 1_000);
    pass(alice, 10 * MS);
    settle();
    assertThat(bob.delivered()).hasSize(5);
  }

  @Test
  void shouldForgetWhatWaitsForAPeerThatIsRemoved() {
    toBob.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs());
    alice.send(packets(ALICE, BOB, AT_ONCE + 4));
    settle();
    alice.shard().remove(toBob);
    pass(alice, 20 * MS);
    assertThat(fetch(alice)).isEmpty();
    assertThat(alice.drops(DropReason.SEND_LIMIT)).isEqualTo(4);
  }

  @Test
  void shouldLetGoAtOnceWhenItsSocketIsExchanged() {
    toAlice.setTerms(FlowTerms.of(LimitText.parse("in 8M"), null), bob.nowNs());
    alice.send(packets(ALICE, BOB, 20));
    settle();
    assertThat(bob.delivered()).hasSize(AT_ONCE);
    bob.udp().pipeline().fireChannelInactive();
    assertThat(bob.delivered()).hasSize(20 - AT_ONCE);
  }

  @Test
  void shouldChargeOnceWhatWaitedForASession() {
    ChainNode carol = join(3);
    alice.shard().peers().stream()
        .filter(peer -> peer.publicKey().equals(carol.identity().publicKey()))
        .forEach(
            peer -> peer.setTerms(FlowTerms.of(LimitText.parse("out 8M"), null), alice.nowNs()));
    alice.send(packets(ALICE, 3, AT_ONCE));
    settle();
    assertThat(carol.delivered()).hasSize(AT_ONCE);
  }
}
