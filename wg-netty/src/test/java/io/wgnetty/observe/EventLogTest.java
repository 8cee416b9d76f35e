package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One line for each event that a person cares about. */
class EventLogTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Endpoint HERE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 1}, 51820, 0);
  private static final Endpoint THERE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 9}, 4500, 0);

  private final PeerLabels labels = new PeerLabels();
  private final List<String> lines = new ArrayList<>();
  private final Deque<Runnable> later = new ArrayDeque<>();
  private long nowNs;
  private final EventLog log = new EventLog("wg0", labels, lines::add, () -> nowNs, later::add);
  private final Peer peer = LonePeer.at(HERE.withLocal(new LocalAddress(0, 1, 0)));
  private final String shortKey = peer.publicKey().toBase64().substring(0, 8);

  private void connect(long gapNs) {
    log.handshakeCompleted(peer, HandshakeRole.ANSWERED, SECOND, gapNs, 0);
  }

  @Test
  void shouldTellThatAPeerConnectedButNotThatItRenewedItsSession() {
    connect(-1);
    connect(120 * SECOND);
    connect(600 * SECOND);
    assertThat(lines)
        .containsExactly(
            "interface wg0: peer " + shortKey + " is connected, at 192.0.2.1:51820",
            "interface wg0: peer " + shortKey + " is back after 600 s, at 192.0.2.1:51820");
  }

  @Test
  void shouldNameAPeerByItsLabel() {
    labels.set(peer.publicKey(), "laptop of Ada");
    log.roamed(peer, HERE.withLocal(new LocalAddress(0, 1, 0)), THERE);
    labels.set(peer.publicKey(), null);
    log.handshakeGivenUp(peer, 20);
    assertThat(lines)
        .containsExactly(
            "interface wg0: peer laptop of Ada moved from 192.0.2.1:51820 to 192.0.2.9:4500",
            "interface wg0: peer " + shortKey + " is silent: no answer to 20 handshake messages");
  }

  @Test
  void shouldTellThatANameLedElsewhere() {
    log.movedByName(peer, "vpn.example.net:4500", THERE);
    assertThat(lines)
        .containsExactly(
            "interface wg0: peer "
                + shortKey
                + " is tried at 192.0.2.9:4500, by its name vpn.example.net:4500");
  }

  @Test
  void shouldTellWhyAHandshakeFailedAlsoOfStrangers() {
    log.handshakeFailed(null, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_INVALID, THERE);
    log.handshakeFailed(peer, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_REPLAYED, THERE);
    assertThat(lines)
        .containsExactly(
            "interface wg0: handshake message from 192.0.2.9:4500 failed: handshake-invalid",
            "interface wg0: handshake message of peer "
                + shortKey
                + " from 192.0.2.9:4500 failed: handshake-replayed");
  }

  @Test
  void shouldTellOfLoadAndOffloads() {
    log.loadBegan(1);
    log.loadEnded(1);
    log.offloadFellBack(0, "the interface takes no joined packets");
    log.sessionExpired(peer);
    log.cookieReceived(peer);
    assertThat(lines).hasSize(5).allMatch(line -> line.startsWith("interface wg0: "));
    assertThat(lines.getFirst())
        .isEqualTo(
            "interface wg0: loop 1 is under load: who shakes hands has to prove its address");
  }

  @Test
  void shouldSumUpAStormAlsoIfNothingFollowsIt() {
    for (int i = 0; i < 1_239; i++) {
      connect(-1);
    }
    assertThat(lines).hasSize(EventLog.LINES_PER_WINDOW);
    assertThat(later).as("one reminder for all").hasSize(1);
    nowNs += EventLog.WINDOW_SECONDS * SECOND;
    later.remove().run();
    assertThat(lines).hasSize(EventLog.LINES_PER_WINDOW + 1);
    assertThat(lines.getLast())
        .isEqualTo("interface wg0: ... and 1,234 more in the last 10 s (peers connected)");
    assertThat(later).isEmpty();
  }

  @Test
  void shouldSumUpAStormThatBeganWhileAnotherWasCounted() {
    for (int i = 0; i < 6; i++) {
      connect(-1);
    }
    nowNs += 9 * SECOND;
    for (int i = 0; i < 7; i++) {
      log.handshakeGivenUp(peer, 20);
    }
    nowNs += SECOND;
    later.remove().run();
    assertThat(lines.getLast()).contains("1 more", "peers connected");
    assertThat(later).as("the other is still counted").hasSize(1);
    nowNs += 10 * SECOND;
    later.remove().run();
    assertThat(lines.getLast()).contains("2 more", "peers were silent");
    assertThat(later).isEmpty();
  }

  @Test
  void shouldDampFailuresByTheirReason() {
    for (int i = 0; i < 100; i++) {
      log.handshakeFailed(null, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_INVALID, THERE);
    }
    log.handshakeFailed(peer, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_TOO_SOON, THERE);
    assertThat(lines.getLast()).endsWith("handshake-too-soon");
    nowNs += 10 * SECOND;
    connect(-1);
    assertThat(lines.get(lines.size() - 2))
        .endsWith("... and 95 more in the last 10 s (handshakes failed: handshake-invalid)");
  }
}
