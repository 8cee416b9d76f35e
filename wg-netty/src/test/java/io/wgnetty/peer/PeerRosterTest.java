package io.wgnetty.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PeerRosterTest {
  private final PeerRoster roster = new PeerRoster();

  @Test
  void shouldHoldWhoHasJoinedAndNotLeft() {
    long seed = new SplittableRandom().nextLong();
    System.out.println("PeerRosterTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    Peer[] peers = new Peer[200];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = LonePeer.numbered(i);
    }
    Set<Peer> model = new HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      Peer peer = peers[random.nextInt(peers.length)];
      if (model.remove(peer)) {
        roster.leave(peer);
      } else {
        model.add(peer);
        roster.join(peer);
      }
      if (step % 100 == 0) {
        assertThat(roster).doesNotHaveDuplicates().hasSameElementsAs(model);
      }
    }
  }

  @Test
  void shouldLetGoWhoIsNotInIt() {
    Peer stranger = LonePeer.numbered(1);
    roster.leave(stranger);
    roster.join(stranger);
    roster.leave(stranger);
    roster.leave(stranger);
    assertThat(roster).isEmpty();
  }
}
