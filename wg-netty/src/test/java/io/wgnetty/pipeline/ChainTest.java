package io.wgnetty.pipeline;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Alice at 10.0.0.1 and fd00::1, bob at 10.0.0.2 and fd00::2; afterwards no batch is missing. */
abstract class ChainTest {
  static final int ALICE = 1;
  static final int BOB = 2;

  final ChainNode alice = node(1);
  final ChainNode bob = node(2);
  final Peer toBob = alice.meet(bob, "10.0.0.2/32", "fd00::2/128");
  final Peer toAlice = bob.meet(alice, "10.0.0.1/32", "fd00::1/128");

  private final List<ChainNode> nodes = new ArrayList<>(List.of(alice, bob));

  private static ChainNode node(int number) {
    SplittableRandom random = new SplittableRandom(number);
    return new ChainNode(
        ChainNode.place(number),
        PrivateKey.generate(random),
        random,
        random,
        ChainNode.seconds(1_800_000_000));
  }

  /** One more node, which alice knows at 10.0.0.number, and which knows alice. */
  final ChainNode join(int number) {
    ChainNode node = node(number);
    nodes.add(node);
    alice.meet(node, "10.0.0." + number + "/32");
    node.meet(alice, "10.0.0.1/32");
    return node;
  }

  /** Carries datagrams and does handshake work until there is no more. */
  final void settle() {
    boolean moved = true;
    while (moved) {
      moved = false;
      for (ChainNode node : nodes) {
        moved |= node.work();
        moved |= carry(node);
      }
    }
  }

  private boolean carry(ChainNode from) {
    Deque<ChainNode.Sent> datagrams = new ArrayDeque<>(from.sent());
    from.sent().clear();
    for (ChainNode.Sent datagram : datagrams) {
      ChainNode to = at(datagram.destination());
      if (to != null) {
        to.receive(from.place(), datagram.bytes());
      }
    }
    return !datagrams.isEmpty();
  }

  private @Nullable ChainNode at(Endpoint place) {
    for (ChainNode node : nodes) {
      if (node.place().equals(place)) {
        return node;
      }
    }
    return null;
  }

  /** Alice initiates; a packet has gone each way. */
  final void connect() {
    alice.send(Packets.ipv4(ALICE, BOB, 40));
    settle();
    assertThat(bob.delivered()).hasSize(1);
    bob.send(Packets.ipv4(BOB, ALICE, 40));
    settle();
    assertThat(alice.delivered()).hasSize(1);
  }

  static Session session(Peer peer) {
    return requireNonNull(peer.currentSession());
  }

  /** What alice's chain makes of packets: the datagrams for bob, in order. */
  final List<byte[]> sealed(byte[]... packets) {
    alice.send(packets);
    return fetch(alice);
  }

  static List<byte[]> fetch(ChainNode node) {
    List<byte[]> datagrams = node.sent().stream().map(ChainNode.Sent::bytes).toList();
    node.sent().clear();
    return datagrams;
  }

  @AfterEach
  final void shouldGiveEveryBatchBack() {
    nodes.forEach(ChainNode::close);
  }
}
