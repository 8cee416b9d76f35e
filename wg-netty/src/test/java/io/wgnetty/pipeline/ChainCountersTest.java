package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.counters.TrafficCounts;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Messages;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the chains count for the loop and for each peer, and what they tell of drops. */
class ChainCountersTest extends ChainTest {
  @Test
  void shouldCountPacketsBytesAndKeepalivesAtBothEnds() {
    connect();
    TrafficCounts outBefore = alice.shard().counters().traffic();
    TrafficCounts inBefore = bob.shard().counters().traffic();
    long sentBefore = toBob.sentPackets();
    long receivedBefore = toAlice.receivedPackets();
    alice.send(Packets.ipv4(ALICE, BOB, 100), Packets.ipv4(ALICE, BOB, 64));
    settle();
    bob.delivered();
    alice.passTime(ChainNode.seconds(20)); // nothing came back: nothing but timers
    settle();

    TrafficCounts out = alice.shard().counters().traffic();
    TrafficCounts in = bob.shard().counters().traffic();
    assertThat(out.packetsOut() - outBefore.packetsOut()).isEqualTo(2);
    assertThat(out.bytesOut() - outBefore.bytesOut()).isEqualTo(112 + 32 + 64 + 32);
    assertThat(in.packetsIn() - inBefore.packetsIn()).isEqualTo(2);
    assertThat(in.bytesIn() - inBefore.bytesIn()).isEqualTo(112 + 32 + 64 + 32);
    assertThat(in.keepalivesIn() - inBefore.keepalivesIn())
        .isEqualTo(out.keepalivesOut() - outBefore.keepalivesOut());
    assertThat(toBob.sentPackets() - sentBefore)
        .isEqualTo(2 + out.keepalivesOut() - outBefore.keepalivesOut());
    assertThat(toAlice.receivedPackets() - receivedBefore)
        .isEqualTo(2 + in.keepalivesIn() - inBefore.keepalivesIn());
  }

  @Test
  void shouldTellAKeepaliveFromData() {
    connect();
    TrafficCounts before = alice.shard().counters().traffic();
    TrafficCounts friendBefore = bob.shard().counters().traffic();
    alice.shard().setKeepalive(toBob, 1, alice.nowNs()); // sends one at once
    settle();
    TrafficCounts after = alice.shard().counters().traffic();
    TrafficCounts friendAfter = bob.shard().counters().traffic();
    assertThat(after.keepalivesOut() - before.keepalivesOut()).isEqualTo(1);
    assertThat(after.packetsOut()).isEqualTo(before.packetsOut());
    assertThat(after.bytesOut()).isEqualTo(before.bytesOut());
    assertThat(friendAfter.keepalivesIn() - friendBefore.keepalivesIn()).isEqualTo(1);
    assertThat(friendAfter.packetsIn()).isEqualTo(friendBefore.packetsIn());
    assertThat(alice.drops(DropReason.UDP_REFUSED)).isZero();
  }

  @Test
  void shouldCountBatchesBySize() {
    connect();
    ShardCounters counters = alice.shard().counters();
    long batches = counters.interfaceBatches().batches();
    long items = counters.interfaceBatches().items();
    List<Long> upTo = counters.interfaceBatches().upTo();
    alice.send(Packets.ipv4(ALICE, BOB, 40));
    alice.send(
        Packets.ipv4(ALICE, BOB, 40), Packets.ipv4(ALICE, BOB, 41), Packets.ipv4(ALICE, BOB, 42));
    settle();
    bob.delivered();
    assertThat(counters.interfaceBatches().batches() - batches).isEqualTo(2);
    assertThat(counters.interfaceBatches().items() - items).isEqualTo(4);
    assertThat(counters.interfaceBatches().upTo().get(0) - upTo.get(0)).isEqualTo(1);
    assertThat(counters.interfaceBatches().upTo().get(2) - upTo.get(2)).isEqualTo(1);
    assertThat(bob.shard().counters().networkBatches().items()).isPositive();
    assertThat(counters.datagramBatches().batches()).isPositive();
  }

  @Test
  void shouldCountDropsForTheirPeer() {
    connect();
    byte[] forged = sealed(Packets.ipv4(ALICE, BOB, 60)).getFirst().clone();
    byte[] good = forged.clone();
    forged[forged.length - 1] ^= 1;
    bob.receive(alice.place(), forged, good, good);
    bob.receive(alice.place(), sealed(Packets.ipv4(99, BOB, 60)).toArray(byte[][]::new));
    bob.delivered();
    assertThat(toAlice.drops())
        .containsEntry(DropReason.NOT_AUTHENTIC, 1L)
        .containsEntry(DropReason.REPLAYED, 1L)
        .containsEntry(DropReason.WRONG_SOURCE, 1L)
        .hasSize(3);
    assertThat(bob.drops(DropReason.NOT_AUTHENTIC)).isEqualTo(1);
    assertThat(toBob.drops()).isEmpty();
  }

  @Test
  void shouldTellOfDropsOnlyWhenAsked() {
    connect();
    byte[] good = sealed(Packets.ipv4(ALICE, BOB, 60)).getFirst().clone();
    byte[] nobodys = new byte[Messages.MIN_TRANSPORT_BYTES];
    nobodys[0] = Messages.TRANSPORT;
    bob.receive(alice.place(), good);
    bob.events().take();
    bob.receive(alice.place(), nobodys, good, nobodys);
    assertThat(bob.events().take()).isEmpty();
    bob.events().sampleDrops();
    bob.receive(alice.place(), nobodys, good, nobodys);
    bob.receive(alice.place(), good);
    bob.delivered();
    assertThat(bob.events().take())
        .containsExactly("dropped 2 unknown-index", "dropped 1 replayed of a peer");
  }

  @Test
  void shouldTellOfCookiesAndWhenLoadBeginsAndEnds() {
    bob.exhaustStrangers();
    alice.send(Packets.ipv4(ALICE, BOB, 60));
    settle();
    assertThat(bob.events().take())
        .containsExactly("load began", "cookie sent to " + alice.place());
    assertThat(bob.shard().counters().handshakes().cookiesSent()).isEqualTo(1);
    bob.passTime(ChainNode.seconds(2));
    alice.passTime(ChainNode.seconds(6));
    settle();
    bob.delivered();
    assertThat(bob.events().take()).startsWith("load ended", "begun answered");
  }

  @Test
  void shouldCountAPacketWithoutEndpointForItsPeer() {
    byte[] key = new byte[32];
    key[0] = 9;
    Peer nowhere = alice.meetNowhere(key, "10.0.0.77/32");
    alice.send(Packets.ipv4(ALICE, 77, 60));
    alice.delivered(); // the ICMP answer
    assertThat(nowhere.drops()).containsEntry(DropReason.NO_ENDPOINT, 1L).hasSize(1);
  }
}
