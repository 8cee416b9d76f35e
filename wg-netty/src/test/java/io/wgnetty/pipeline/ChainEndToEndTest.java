package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Both chains of two and more nodes, from interface to interface. */
class ChainEndToEndTest extends ChainTest {

  @Test
  void shouldCountAsTheKernelDoesForTenPings() {
    for (int i = 0; i < 10; i++) {
      alice.send(Packets.ipv4(ALICE, BOB, 84));
      settle();
      assertThat(bob.delivered()).containsExactly(Packets.ipv4(ALICE, BOB, 84));
      bob.send(Packets.ipv4(BOB, ALICE, 84));
      settle();
      assertThat(alice.delivered()).containsExactly(Packets.ipv4(BOB, ALICE, 84));
    }
    // protocol 4.2
    assertThat(toBob.sentBytes()).isEqualTo(1428);
    assertThat(toBob.receivedBytes()).isEqualTo(1372);
    assertThat(toAlice.sentBytes()).isEqualTo(1372);
    assertThat(toAlice.receivedBytes()).isEqualTo(1428);
  }

  @Test
  void shouldCarryPacketsOfEveryLengthInBothFamilies() {
    connect();
    for (int length = 40; length <= ChainNode.MTU; length += 13) {
      byte[] v4 = Packets.ipv4(ALICE, BOB, length);
      byte[] v6 = Packets.ipv6(ALICE, BOB, length);
      alice.send(v4, v6);
      settle();
      assertThat(bob.delivered()).containsExactly(v4, v6);
    }
    byte[] largest = Packets.ipv4(ALICE, BOB, 65_000);
    alice.setMtu(65_535);
    alice.send(largest);
    settle();
    assertThat(bob.delivered()).containsExactly(largest);
  }

  @Test
  void shouldFollowTheMtuAtOnce() {
    connect();
    assertThat(sealed(Packets.ipv4(ALICE, BOB, 1280)).getFirst()).hasSize(1280 + 32);
    assertThat(sealed(Packets.ipv4(ALICE, BOB, 1275)).getFirst()).hasSize(1280 + 32);
    alice.setMtu(1276);
    assertThat(sealed(Packets.ipv4(ALICE, BOB, 1275)).getFirst()).hasSize(1276 + 32);
  }

  @Test
  void shouldDeliverABatchToManyPeersAndKeepEachOrder() {
    connect();
    ChainNode carol = join(3);
    ChainNode dave = join(4);
    carol.send(Packets.ipv4(3, ALICE, 40));
    dave.send(Packets.ipv4(4, ALICE, 40));
    settle();
    assertThat(alice.delivered()).hasSize(2);
    byte[][] packets = new byte[120][];
    Arrays.setAll(packets, i -> Packets.ipv4(ALICE, 2 + i % 3, 40 + i));
    alice.send(packets);
    settle();
    ChainNode[] receivers = {bob, carol, dave};
    for (int receiver = 0; receiver < 3; receiver++) {
      List<byte[]> expected = new ArrayList<>();
      for (int i = receiver; i < 120; i += 3) {
        expected.add(packets[i]);
      }
      assertThat(receivers[receiver].delivered()).containsExactly(expected.toArray(byte[][]::new));
    }
  }

  @Test
  void shouldDeliverInAnyOrderAndEachOnce() {
    connect();
    long seed = System.nanoTime();
    System.out.println("ChainEndToEndTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> datagrams = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      datagrams.add(sealed(Packets.ipv4(ALICE, BOB, 40 + i)).getFirst());
    }
    datagrams.addAll(List.copyOf(datagrams));
    Collections.shuffle(datagrams, new Random(random.nextLong()));
    boolean[] seen = new boolean[500];
    for (int from = 0; from < 1000; from += 50) {
      bob.receive(alice.place(), datagrams.subList(from, from + 50).toArray(byte[][]::new));
      for (byte[] packet : bob.delivered()) {
        assertThat(seen[packet.length - 40]).isFalse();
        seen[packet.length - 40] = true;
      }
    }
    assertThat(seen).containsOnly(true);
    assertThat(bob.drops(DropReason.REPLAYED)).isEqualTo(500);
  }

  @Test
  void shouldNeitherDeliverNorRoamByDamagedDatagrams() {
    connect();
    byte[] genuine = sealed(Packets.ipv4(ALICE, BOB, 84)).getFirst();
    for (int i = 0; i < genuine.length; i++) {
      bob.receive(ChainNode.place(66), Packets.with(genuine, i, genuine[i] ^ 0x10));
    }
    assertThat(bob.delivered()).isEmpty();
    assertThat(bob.sent()).isEmpty();
    assertThat(toAlice.endpoint()).isEqualTo(alice.place());
    long dropped = Arrays.stream(DropReason.values()).mapToLong(bob::drops).sum();
    assertThat(dropped).as("each is counted once").isEqualTo(genuine.length);
    bob.receive(alice.place(), genuine);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldRoamByAuthenticDatagramsAndAnswerToTheNewPlace() {
    connect();
    bob.receive(ChainNode.place(66), sealed(Packets.ipv4(ALICE, BOB, 84)).getFirst());
    assertThat(toAlice.endpoint()).isEqualTo(ChainNode.place(66));
    bob.send(Packets.ipv4(BOB, ALICE, 84));
    assertThat(bob.sent().remove().destination()).isEqualTo(ChainNode.place(66));
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldSurviveAnyDatagram() {
    connect();
    long seed = System.nanoTime();
    System.out.println("ChainEndToEndTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] genuine = sealed(Packets.ipv4(ALICE, BOB, 84)).getFirst();
    for (int i = 0; i < 20_000; i++) {
      byte[] datagram = new byte[random.nextInt(200)];
      random.nextBytes(datagram);
      if (random.nextBoolean()) {
        System.arraycopy(genuine, 0, datagram, 0, Math.min(datagram.length, random.nextInt(17)));
      }
      bob.receive(ChainNode.place(66), datagram);
    }
    settle();
    assertThat(bob.sent()).isEmpty();
    assertThat(toAlice.endpoint()).isEqualTo(alice.place());
    bob.receive(alice.place(), genuine);
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldNotDeliverFromAPeerWhatIsAnothersOrItsOwn() {
    connect();
    ChainNode carol = join(3);
    bob.meet(carol, "10.0.0.3/32");
    alice.allowedIps().insert(IpPrefix.parse("0.0.0.0/0"), toBob);
    alice.send(
        Packets.ipv4(3, BOB, 84), // carol's address
        Packets.ipv4(BOB, BOB, 84), // bob's own
        Packets.ipv4(77, BOB, 84), // nobody's
        Packets.ipv4(ALICE, BOB, 84));
    settle();
    assertThat(bob.delivered()).containsExactly(Packets.ipv4(ALICE, BOB, 84));
    assertThat(bob.drops(DropReason.WRONG_SOURCE)).isEqualTo(3);
  }

  @Test
  void shouldRekeyWithoutLosingAPacket() {
    connect();
    int sent = 0;
    int received = 0;
    for (int i = 0; i < 100; i++) {
      alice.passTime(ChainNode.seconds(7));
      bob.passTime(ChainNode.seconds(7));
      alice.send(Packets.ipv4(ALICE, BOB, 84), Packets.ipv4(ALICE, BOB, 85));
      bob.send(Packets.ipv4(BOB, ALICE, 84));
      sent += 3;
      settle();
      received += bob.delivered().size() + alice.delivered().size();
    }
    assertThat(received).isEqualTo(sent);
    assertThat(Arrays.stream(DropReason.values()).mapToLong(bob::drops).sum()).isZero();
    assertThat(Arrays.stream(DropReason.values()).mapToLong(alice::drops).sum()).isZero();
  }

  @Test
  void shouldCompleteTheHandshakeUnderLoadByCookie() {
    bob.exhaustStrangers();
    alice.send(Packets.ipv4(ALICE, BOB, 84));
    settle();
    assertThat(bob.drops(DropReason.COOKIE_REQUIRED)).isEqualTo(1);
    alice.passTime(ChainNode.seconds(6));
    settle();
    assertThat(bob.delivered()).hasSize(1);
  }

  @Test
  void shouldLoseNothingButTheLastWhenThePeerIsRemoved() {
    connect();
    Peer removed = toAlice;
    bob.allowedIps().removeAll(removed);
    bob.shard().remove(removed);
    alice.send(Packets.ipv4(ALICE, BOB, 84));
    settle();
    assertThat(bob.delivered()).isEmpty();
    assertThat(bob.drops(DropReason.UNKNOWN_INDEX)).isEqualTo(1);
    bob.send(Packets.ipv4(BOB, ALICE, 84));
    assertThat(bob.drops(DropReason.NO_PEER)).isEqualTo(1);
    assertThat(bob.delivered()).as("the ICMP answer").hasSize(1);
  }
}
