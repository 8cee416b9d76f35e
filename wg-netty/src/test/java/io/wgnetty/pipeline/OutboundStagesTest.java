package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.SleepingPeers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The outbound stages, each by itself. The sender is alice. */
class OutboundStagesTest extends ChainTest {
  private static final long MS = 1_000_000;

  private static TunnelBatch process(ChannelHandler stage, TunnelBatch batch) {
    EmbeddedChannel channel = new EmbeddedChannel(stage);
    channel.writeInbound(batch);
    TunnelBatch passed = channel.readInbound();
    assertThat(passed).isSameAs(batch);
    return passed;
  }

  @Test
  void shouldDropWhatIsNoIpPacket() {
    byte[] v4 = Packets.ipv4(ALICE, BOB, 40);
    byte[] v6 = Packets.ipv6(ALICE, BOB, 60);
    TunnelBatch batch =
        alice.batch(
            v4,
            v6,
            new byte[] {0x45},
            Arrays.copyOf(v4, 19),
            Arrays.copyOf(v6, 39),
            Packets.with(v4, 0, 0x55),
            Packets.with(v4, 2, 0, 41),
            Packets.with(v6, 4, 0xff, 0xff));
    process(new PacketDecoder(alice.shard().counters()), batch);
    assertThat(batch.isLive(0)).isTrue();
    assertThat(batch.isLive(1)).isTrue();
    for (int i = 2; i < 6; i++) {
      assertThat(batch.reason(i)).isEqualTo(DropReason.PACKET_NOT_IP);
    }
    assertThat(batch.reason(6)).isEqualTo(DropReason.PACKET_LENGTH);
    assertThat(batch.reason(7)).isEqualTo(DropReason.PACKET_LENGTH);
    batch.release();
  }

  private PeerRouter router() {
    return new PeerRouter(
        alice.allowedIps(),
        alice.shard().state().directory(),
        new UnreachableReporter(alice.tun(), alice.pool(), alice::nowNs));
  }

  @Test
  void shouldChooseThePeerByTheLongestPrefixOfTheDestination() {
    join(3);
    Peer rest = requireNonNull(alice.allowedIps().lookupV4(0x0a00_0003));
    alice.allowedIps().insert(IpPrefix.parse("10.0.0.0/8"), rest);
    alice.allowedIps().insert(IpPrefix.parse("fd00::/16"), rest);
    TunnelBatch batch =
        alice.batch(
            Packets.ipv4(ALICE, BOB, 40),
            Packets.ipv4(ALICE, 200, 40),
            Packets.ipv6(ALICE, BOB, 60),
            Packets.ipv6(ALICE, 200, 60));
    process(router(), batch);
    assertThat(batch.peer(0)).isSameAs(toBob);
    assertThat(batch.peer(1)).isSameAs(rest);
    assertThat(batch.peer(2)).isSameAs(toBob);
    assertThat(batch.peer(3)).isSameAs(rest);
    assertThat(alice.delivered()).as("no ICMP").isEmpty();
    batch.release();
  }

  @Test
  void shouldAnswerWithIcmpWhenNobodyHasTheDestination() {
    byte[] v4 = Packets.ipv4(ALICE, 200, 100);
    byte[] v6 = Packets.ipv6(ALICE, 200, 100);
    TunnelBatch batch = alice.batch(v4, v6);
    process(router(), batch);
    assertThat(batch.reason(0)).isEqualTo(DropReason.NO_PEER);
    assertThat(batch.reason(1)).isEqualTo(DropReason.NO_PEER);
    batch.release();
    List<byte[]> answers = alice.delivered();
    assertThat(answers).hasSize(2);
    ByteBuffer first = ByteBuffer.wrap(answers.get(0));
    assertThat(first.get(9)).as("ICMP").isEqualTo((byte) 1);
    assertThat(first.getInt(16)).as("to the sender").isEqualTo(0x0a00_0001);
    assertThat(first.getShort(20)).as("host unreachable").isEqualTo((short) 0x0301);
    assertThat(Arrays.copyOfRange(answers.get(0), 28, 28 + 100)).isEqualTo(v4);
    ByteBuffer second = ByteBuffer.wrap(answers.get(1));
    assertThat(second.get(6)).as("ICMPv6").isEqualTo((byte) 58);
    assertThat(second.getLong(32)).as("to the sender").isEqualTo(ALICE);
    assertThat(second.getShort(40)).as("address unreachable").isEqualTo((short) 0x0103);
    assertThat(Arrays.copyOfRange(answers.get(1), 48, 48 + 100)).isEqualTo(v6);
  }

  @Test
  void shouldAnswerWithIcmpWhenThePeerIsNowhere() {
    byte[] key = new byte[32];
    key[0] = 9;
    Peer nowhere = alice.meetNowhere(key, "10.0.0.77/32");
    TunnelBatch batch = alice.batch(Packets.ipv4(ALICE, 77, 100));
    process(router(), batch);
    assertThat(batch.reason(0)).isEqualTo(DropReason.NO_ENDPOINT);
    assertThat(alice.delivered()).hasSize(1);
    assertThat(nowhere.staged().isEmpty()).as("the packet is not staged").isTrue();
    batch.release();
  }

  private static final class Bed implements SleepingPeers {
    final PublicKey sleeper = PublicKey.of(new byte[PublicKey.BYTES]);
    final List<byte[]> kept = new ArrayList<>();
    boolean hasRoom = true;

    @Override
    public @Nullable PublicKey find(boolean isIpv6, long high, long low) {
      boolean isHers = isIpv6 ? low == 99 : high == 0x0a00_0063L << 32;
      return isHers ? sleeper : null;
    }

    @Override
    public boolean wake(PublicKey key, List<byte[]> packets) {
      assertThat(key).isSameAs(sleeper);
      return hasRoom && kept.addAll(packets);
    }
  }

  @Test
  void shouldKeepPacketsForAPeerThatSleeps() {
    var bed = new Bed();
    alice.shard().state().directory().setSleepers(bed);
    byte[] v4 = Packets.ipv4(ALICE, 99, 100);
    byte[] v6 = Packets.ipv6(ALICE, 99, 100);
    TunnelBatch batch =
        alice.batch(v4, v6, Packets.ipv4(ALICE, BOB, 40), Packets.ipv4(ALICE, 200, 40));
    process(router(), batch);
    assertThat(bed.kept).containsExactly(v4, v6);
    assertThat(batch.isLive(0)).isFalse();
    assertThat(batch.reason(0)).as("not dropped").isNull();
    assertThat(batch.peer(2)).as("who is awake is not asked about").isSameAs(toBob);
    assertThat(batch.reason(3)).isEqualTo(DropReason.NO_PEER);
    assertThat(alice.delivered()).as("for the last").hasSize(1);
    batch.release();

    bed.hasRoom = false;
    batch = alice.batch(v4);
    process(router(), batch);
    assertThat(batch.reason(0)).isEqualTo(DropReason.PEER_ASLEEP);
    assertThat(alice.delivered()).hasSize(1);
    batch.release();
  }

  @Test
  void shouldNotAnswerPacketsThatWereDroppedBefore() {
    TunnelBatch batch = alice.batch(new byte[20]);
    batch.drop(0, DropReason.INNER_NOT_IP);
    process(router(), batch);
    assertThat(alice.delivered()).isEmpty();
    assertThat(batch.reason(0)).isEqualTo(DropReason.INNER_NOT_IP);
    batch.release();
  }

  @Test
  void shouldLimitTheRateOfIcmpAnswers() {
    EmbeddedChannel channel = new EmbeddedChannel(router());
    byte[][] lost = new byte[100][];
    Arrays.fill(lost, Packets.ipv4(ALICE, 200, 40));
    int[] expected = {50, 0, 10, 1, 50};
    long[] pauseNs = {0, 0, 10 * MS, MS, 10_000 * MS};
    for (int i = 0; i < expected.length; i++) {
      alice.passTime(pauseNs[i]);
      channel.writeInbound(alice.batch(lost));
      TunnelBatch batch = channel.readInbound();
      assertThat(batch.reason(99)).as("it is dropped all the same").isEqualTo(DropReason.NO_PEER);
      batch.release();
      assertThat(alice.delivered()).as("step %d", i).hasSize(expected[i]);
    }
  }

  private TunnelBatch forBob(byte[]... packets) {
    TunnelBatch batch = alice.batch(packets);
    for (int i = 0; i < batch.size(); i++) {
      batch.setPeer(i, toBob);
    }
    return batch;
  }

  @Test
  void shouldGiveConsecutiveCountersToWhatIsAlive() {
    connect(); // counter 0 is used
    byte[] packet = Packets.ipv4(ALICE, BOB, 40);
    TunnelBatch batch = forBob(packet, packet, packet, packet);
    batch.drop(1, DropReason.NO_PEER);
    process(new NonceAssigner(alice.shard(), alice::nowNs), batch);
    assertThat(batch.session(0)).isSameAs(session(toBob));
    assertThat(batch.counter(0)).isEqualTo(1);
    assertThat(batch.counter(2)).isEqualTo(2);
    assertThat(batch.counter(3)).isEqualTo(3);
    batch.release();
    TunnelBatch next = forBob(packet);
    process(new NonceAssigner(alice.shard(), alice::nowNs), next);
    assertThat(next.counter(0)).isEqualTo(4);
    next.release();
  }

  @Test
  void shouldLetPacketsWaitThatHaveNoSession() {
    byte[] first = Packets.ipv4(ALICE, BOB, 40);
    byte[] second = Packets.ipv6(ALICE, BOB, 99);
    TunnelBatch batch = forBob(first, second);
    process(new NonceAssigner(alice.shard(), alice::nowNs), batch);
    for (int i = 0; i < 2; i++) {
      assertThat(batch.isLive(i)).isFalse();
      assertThat(batch.reason(i)).as("waiting is no drop").isNull();
    }
    batch.release();
    assertThat(toBob.staged().poll()).isEqualTo(first);
    assertThat(toBob.staged().poll()).isEqualTo(second);
    assertThat(alice.jobs()).as("one initiation for both").hasSize(1);
    alice.jobs().clear();
  }

  @Test
  void shouldLetPacketsWaitWhenTheSessionIsTooOld() {
    connect();
    alice.passTime(ChainNode.seconds(20));
    fetch(alice);
    alice.passTime(ChainNode.seconds(160));
    assertThat(alice.jobs()).isEmpty();
    TunnelBatch batch = forBob(Packets.ipv4(ALICE, BOB, 40));
    process(new NonceAssigner(alice.shard(), alice::nowNs), batch);
    assertThat(batch.isLive(0)).isFalse();
    assertThat(toBob.staged().size()).isEqualTo(1);
    assertThat(alice.jobs()).hasSize(1);
    batch.release();
    alice.jobs().clear();
  }

  @Test
  void shouldSendWhatWaitedInOrderInBatches() {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 128; i++) {
      // Of the largest, few have room in one batch.
      packets.add(Packets.ipv4(ALICE, BOB, i % 10 == 0 ? 65_000 : 40 + i));
    }
    for (byte[] packet : packets) {
      alice.send(packet);
    }
    alice.send(Packets.ipv4(ALICE, BOB, 1000));
    assertThat(toBob.staged().size()).isEqualTo(128);
    assertThat(alice.drops(DropReason.STAGED_DROPPED)).isEqualTo(1);
    settle();
    List<byte[]> delivered = bob.delivered();
    assertThat(delivered).hasSize(128);
    for (int i = 0; i < 127; i++) {
      assertThat(delivered.get(i)).isEqualTo(packets.get(i + 1));
    }
    assertThat(delivered.get(127)).hasSize(1000);
  }

  @Test
  void shouldNotSpinWhenWhatWaitedHasToWaitAgain() {
    for (int i = 0; i < 5; i++) {
      alice.send(Packets.ipv4(ALICE, BOB, 65_000 + i)); // more than one batch holds
    }
    alice.stagedSender().send(toBob);
    assertThat(toBob.staged().size()).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      assertThat(toBob.staged().poll()).hasSize(65_000 + i);
    }
    alice.jobs().clear();
  }

  @Test
  void shouldSendNothingOnceItsChainIsGone() {
    alice.send(Packets.ipv4(ALICE, BOB, 40));
    StagedSender sender = new StagedSender(alice.pool());
    sender.send(toBob);
    EmbeddedChannel channel = new EmbeddedChannel(sender);
    channel.pipeline().remove(sender);
    sender.send(toBob);
    assertThat(toBob.staged().size()).isEqualTo(1);
    alice.jobs().clear();
  }
}
