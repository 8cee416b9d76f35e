package io.wgnetty.observe;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What followers of an interface hear. */
class EventFeedTest {
  private static final Endpoint HERE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 1}, 51820, 0);
  private static final Endpoint THERE = Endpoint.of(new byte[] {(byte) 192, 0, 2, 9}, 4500, 0);
  private static final long EPOCH_MS = 1_793_491_200_123L;

  private final PeerLabels labels = new PeerLabels();
  private final Peer peer = LonePeer.at(HERE);
  private final List<PeerTraffic> traffic = new ArrayList<>();
  private final EventFeed feed =
      new EventFeed("wg0", labels, Presence.GONE_NS, System::nanoTime, () -> EPOCH_MS);

  EventFeedTest() {
    feed.watch(() -> List.copyOf(traffic));
  }

  @AfterEach
  void end() {
    feed.close();
  }

  private void connect() {
    feed.handshakeCompleted(peer, HandshakeRole.ANSWERED, 1, -1, 0);
  }

  private static String next(EventSubscription subscription) throws InterruptedException {
    NodeEvent event = subscription.next(10_000);
    return event == null ? "nothing" : event.text();
  }

  @Test
  void shouldTellOfPeersByNameInOrder() throws InterruptedException {
    labels.set(peer.publicKey(), "phone");
    try (EventSubscription follower = feed.follow()) {
      connect();
      connect();
      feed.roamed(peer, HERE, THERE);
      feed.movedByName(peer, "vpn.example.net:4500", THERE);
      feed.handshakeFailed(peer, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_REPLAYED, THERE);
      feed.handshakeGivenUp(peer, 20);
      feed.handshakeGivenUp(peer, 20);
      feed.limitReached(peer, DropReason.SEND_LIMIT);
      feed.reloadFailed("line 3: what is this?");
      List<String> told = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        String line = next(follower);
        told.add(line.substring(line.indexOf("Z") + 2));
      }
      assertThat(told.subList(0, 3))
          .containsExactly(
              "wg0 connected phone: endpoint 192.0.2.1:51820",
              "wg0 moved phone: from 192.0.2.1:51820, to 192.0.2.9:4500",
              "wg0 tried phone: name vpn.example.net:4500, to 192.0.2.9:4500");
      assertThat(told.get(3)).startsWith("wg0 rekey-failed phone: ").contains("handshake-replayed");
      assertThat(told.get(4)).startsWith("wg0 rekey-failed phone: ").contains("attempts 20");
      assertThat(told.get(5)).isEqualTo("wg0 limit-reached phone: reason send-limit");
      assertThat(told.get(6)).isEqualTo("wg0 reload-failed: reason line 3: what is this?");
      assertThat(follower.next(200)).as("nothing twice").isNull();
    }
  }

  @Test
  void shouldTellWhoCallsWithAnUnknownKeyButNotEachTime() throws InterruptedException {
    byte[] key = new byte[PublicKey.BYTES];
    Arrays.fill(key, (byte) 7);
    try (EventSubscription follower = feed.follow()) {
      for (int i = 0; i < 1000; i++) {
        feed.unknownKey(PublicKey.of(key), THERE);
      }
      NodeEvent first = requireNonNull(follower.next(10_000));
      assertThat(first.json())
          .isEqualTo(
              "{\"time\":\"2026-11-01T00:00:00.123Z\",\"event\":\"unknown-key\",\"interface\":\"wg0\","
                  + "\"peer\":\"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\","
                  + "\"from\":\"192.0.2.9:4500\"}");
      for (int i = 1; i < EventRun.TOLD_PER_WINDOW; i++) {
        assertThat(follower.next(1_000)).isNotNull();
      }
      NodeEvent rest = requireNonNull(follower.next(15_000));
      assertThat(rest.details()).containsEntry("more", 1000L - EventRun.TOLD_PER_WINDOW);
    }
  }

  @Test
  void shouldFindThatAPeerIsGone() throws InterruptedException {
    traffic.add(new PeerTraffic(peer.publicKey(), 0, 0, 1, TimeUnit.SECONDS.toNanos(170)));
    try (EventSubscription follower = feed.follow()) {
      traffic.set(0, new PeerTraffic(peer.publicKey(), 0, 0, 1, TimeUnit.SECONDS.toNanos(181)));
      assertThat(next(follower)).contains("wg0 gone ").endsWith("silent_seconds 181");
    }
  }

  @Test
  void shouldDoNothingWhileNobodyFollows() {
    connect();
    assertThat(feed.present()).isNull();
    EventSubscription follower = feed.follow();
    EventSubscription other = feed.follow();
    assertThat(feed.present()).isNotNull();
    follower.close();
    assertThat(feed.present()).isNotNull();
    other.close();
    other.close();
    assertThat(feed.present()).isNull();
  }

  @Test
  void shouldLetAReaderThatStandsStillLoseEventsAndNobodyElse() throws InterruptedException {
    int events = EventSubscription.MAX_WAITING + 100;
    try (EventSubscription slow = feed.follow();
        EventSubscription quick = feed.follow()) {
      for (int i = 0; i < events; i++) {
        feed.roamed(peer, HERE, THERE);
        if (i % 500 == 0) {
          assertThat(quick.next(10_000)).isNotNull();
        }
      }
      int heard = (events + 499) / 500;
      while (heard < events && quick.next(10_000) != null) {
        heard++;
      }
      assertThat(heard).isEqualTo(events);
      assertThat(quick.lost()).isZero();
      assertThat(slow.lost()).isEqualTo(100);
    }
  }

  @Test
  void shouldForgetAndCountWhatLoopsTellTooFast() throws InterruptedException {
    var busy = new CountDownLatch(1);
    feed.watch(List::of);
    try (EventSubscription follower = feed.follow()) {
      EventRun run = requireNonNull(feed.present());
      run.later(() -> await(busy));
      for (int i = 0; i < EventRun.MAX_WAITING + 500; i++) {
        feed.handshakeGivenUp(peer, 1); // each is one in the queue, and not all are news
      }
      busy.countDown();
      NodeEvent event = follower.next(10_000);
      while (event != null && !event.kind().equals(NodeEvent.LOST)) {
        event = follower.next(10_000);
      }
      long forgotten = (Long) requireNonNull(requireNonNull(event).details().get("events"));
      assertThat(forgotten).isBetween(499L, 501L);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
