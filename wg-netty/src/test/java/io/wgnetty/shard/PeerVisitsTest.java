package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.MS;
import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is done to all peers, while peers come, go and talk. */
class PeerVisitsTest extends PairTest {
  private static final int MANY = 2000;

  private final SplittableRandom random = new SplittableRandom(5);

  private Peer another() {
    byte[] key = new byte[PublicKey.BYTES];
    random.nextBytes(key);
    return alice.meet(PublicKey.of(key));
  }

  private List<Peer> many() {
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      peers.add(another());
    }
    return peers;
  }

  @Test
  void shouldVisitSomeAtATimeAndNobodyTwiceUnlessSomebodyLeft() {
    many();
    List<Peer> visited = new ArrayList<>();
    PeerVisits visits =
        new PeerVisits(
            alice.shard().peers(),
            (peer, nowNs) -> {
              assertThat(nowNs).isEqualTo(7);
              visited.add(peer);
            });
    int turns = 1;
    while (visits.some(7)) {
      assertThat(visited).hasSize(turns * PeerVisits.AT_ONCE);
      turns++;
    }
    assertThat(visited).hasSize(MANY + 1).doesNotHaveDuplicates();
  }

  @Test
  void shouldPassOverNobodyWhenPeersLeaveAndCome() {
    List<Peer> staying = many();
    Set<Peer> leaving = new HashSet<>();
    for (int i = 0; i < MANY; i += 3) {
      leaving.add(staying.get(i));
    }
    staying.removeAll(leaving);
    Set<Peer> visited = new HashSet<>();
    PeerVisits visits = new PeerVisits(alice.shard().peers(), (peer, nowNs) -> visited.add(peer));
    var leavers = new ArrayList<>(leaving);
    do {
      for (int i = 0; i < 200 && !leavers.isEmpty(); i++) {
        alice.forget(leavers.removeLast());
      }
      another();
    } while (visits.some(0));
    assertThat(visited).containsAll(staying);
  }

  @Test
  void shouldSendNothingFromTheMomentItGoesDown() {
    connect();
    bob.delivered().clear();
    many();
    PeerVisits visits = alice.shard().beginDown();
    alice.send(toBob, PACKET);
    network.settle();
    assertThat(bob.delivered()).as("toBob is visited last").isEmpty();
    assertThat(network.initiationsOf(alice)).isEqualTo(1);
    network.advance(60 * SECOND);
    assertThat(network.initiationsOf(alice)).as("no timer sends either").isEqualTo(1);
    visits.all(network.nowNs());
    assertThat(alice.shard().state().keySlab().inUse()).isZero();
    alice.shard().up(network.nowNs());
    alice.send(toBob, PACKET);
    network.advance(6 * SECOND);
    assertThat(bob.delivered()).isNotEmpty();
  }

  @Test
  void shouldReachAPeerThatTalkedWhileTheKeyWasChanged() {
    connect();
    many();
    PeerVisits visits = alice.shard().beginIdentity(bob.identity());
    visits.all(network.nowNs());
    assertThat(alice.shard().transport().sendingSession(toBob, network.nowNs())).isNull();
  }

  @Test
  void shouldRunTimersOfManyPeersInTurns() {
    for (Peer peer : many()) {
      peer.setEndpoint(TestNetwork.place(9));
      alice.shard().setKeepalive(peer, 25, network.nowNs());
    }
    network.lose(datagram -> true);
    network.settle();
    alice.holdJobs();
    long dueNs = network.nowNs() + 6 * SECOND;
    int turns = 0;
    while (alice.shard().nextDeadlineNs() <= dueNs) {
      alice.shard().expire(dueNs);
      turns++;
      assertThat(turns).isLessThan(MANY);
      if (alice.shard().nextDeadlineNs() <= dueNs) {
        assertThat(alice.wakeAtNs()).as("asked to go on").isLessThanOrEqualTo(dueNs);
      }
    }
    assertThat(turns).isGreaterThanOrEqualTo(MANY / 256);
    network.advance(MS);
  }
}
