package io.wgnetty.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerTimers;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import org.junit.jupiter.api.AfterEach;

/** Two nodes, alice and bob, who are each other's peer; afterwards nothing may be left of it. */
abstract class PairTest {
  static final byte[] PACKET = {1, 2, 3};

  final TestNetwork network = new TestNetwork();
  final TestNode alice = network.node(1);
  final TestNode bob = network.node(2);
  final Peer toBob = alice.meet(bob);
  final Peer toAlice = bob.meet(alice);

  /** Alice initiates; both have the session afterwards, and one packet went each way. */
  final void connect() {
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).hasSize(1);
    bob.send(toAlice, PACKET);
    network.settle();
    assertThat(alice.delivered()).hasSize(1);
    assertThat(current(toBob).isInitiator()).isTrue();
    assertThat(current(toAlice).isInitiator()).isFalse();
  }

  static Session current(Peer peer) {
    return requireNonNull(peer.slots().current());
  }

  /** The last message of a type that a node sent. */
  final TestNetwork.Datagram last(TestNode node, int type) {
    return network.sentBy(node, type).getLast();
  }

  final int responsesOf(TestNode node) {
    return network.sentBy(node, Messages.RESPONSE).size();
  }

  final long keepalivesOf(TestNode node) {
    return network.sentBy(node, Messages.TRANSPORT).stream()
        .filter(TestNetwork.Datagram::isKeepalive)
        .count();
  }

  @AfterEach
  final void shouldLeaveNothingOfRemovedPeers() {
    for (TestNode node : new TestNode[] {alice, bob}) {
      for (Peer peer : node.shard().peers().toArray(Peer[]::new)) {
        node.forget(peer);
      }
      node.refuseJobs(false);
      node.releaseJobs();
      node.work();
      assertThat(node.shard().state().keySlab().inUse()).as("keys in memory").isZero();
      assertThat(node.shard().state().indices().size()).as("indices").isZero();
      assertThat(node.shard().nextDeadlineNs()).as("deadline").isEqualTo(PeerTimers.NEVER);
      assertThat(node.shard().peers()).isEmpty();
    }
  }
}
