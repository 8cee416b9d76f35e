package io.wgnetty.peers;

import static io.wgnetty.peers.FakeSource.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.device.PeerSessions;
import io.wgnetty.peers.cluster.ClusterAtWork;
import io.wgnetty.peers.etcd.EtcdLeases;
import io.wgnetty.peers.etcd.EtcdSources;
import io.wgnetty.peers.etcd.FakeEtcd;
import io.wgnetty.peers.source.SourceAddress;
import io.wgnetty.peers.source.Web;
import io.wgnetty.setup.ClusterStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A node of a cluster with its threads: what it writes, hears and forgets. */
@Timeout(90)
class ClusterAtWorkTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final FakeBeside peers = new FakeBeside();
  private final FakeSource sessions = new FakeSource();
  private final FakeSource nodes = new FakeSource();
  private FakeEtcd etcd;
  private ClusterAtWork work;

  @BeforeEach
  void start() throws IOException, InterruptedException {
    etcd = new FakeEtcd();
    var address = SourceAddress.parse("etcd://%s/wg".formatted(etcd.uri().getAuthority()));
    var leases = EtcdSources.leases(address, new Web(null, Duration.ofSeconds(20)), null, null);
    work =
        ClusterAtWork.start(
            "a", peers, new ClusterAtWork.Place(leases, sessions, nodes), null, null);
    sessions.listAll();
    nodes.listAll();
    work.awaitFirst();
    await().atMost(LIMIT).until(() -> etcd.value("/wg/nodes/a") != null);
  }

  @AfterEach
  void end() {
    work.close();
    etcd.close();
  }

  private static byte[] stamp(long seconds) {
    return Tai64n.whitened(TimeUnit.SECONDS.toNanos(seconds));
  }

  private @Nullable String written(int number) {
    return etcd.value("/wg/sessions/" + key(number).toBase64());
  }

  /** A peer that is here, and has a session. */
  private void arrives(int number, byte @Nullable [] timestamp) {
    arrives(key(number), timestamp);
  }

  private void arrives(PublicKey key, byte @Nullable [] timestamp) {
    peers.peers.computeIfAbsent(key, ClusterAtWorkTest::settings);
    peers.handshakes.put(key, TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()));
    peers.sessions.established(key, timestamp);
  }

  private static PeerSettings settings(PublicKey key) {
    return new PeerSettings(key, PresharedKey.none(), List.of(), null, 0, null);
  }

  /** Another node says that the peer is there. */
  private void isElsewhere(int number, long seconds) throws InterruptedException {
    sessions.change(
        number,
        "{\"node\":\"b\",\"since\":%d,\"timestamp\":\"%s\"}"
            .formatted(seconds, HexFormat.of().formatHex(stamp(seconds))));
  }

  private ClusterStatus awaitStatus(int here, int elsewhere) {
    await()
        .atMost(LIMIT)
        .until(() -> work.status().here() == here && work.status().elsewhere() == elsewhere);
    return work.status();
  }

  @Test
  void shouldWriteThatAPeerIsHereOnceHoweverOftenItsSessionIsRenewed() {
    arrives(1, stamp(100));
    await().atMost(LIMIT).until(() -> written(1) != null);
    assertThat(written(1)).contains("\"node\":\"a\"");
    int transactions = etcd.transactions();
    arrives(1, stamp(220));
    arrives(1, stamp(340));
    arrives(2, null);
    await().atMost(LIMIT).until(() -> written(2) != null);
    assertThat(etcd.transactions()).as("for the second peer alone").isEqualTo(transactions + 1);
    ClusterStatus status = awaitStatus(2, 0);
    assertThat(status.counts()).containsEntry("arrived", 2L).containsEntry("departed", 0L);
  }

  @Test
  void shouldWriteACrowdInFewTransactionsAndNothingWhenItsSessionsAreRenewed() {
    List<PublicKey> crowd =
        IntStream.range(0, 5000)
            .mapToObj(i -> PublicKey.of(ByteBuffer.allocate(32).putInt(i).array()))
            .toList();
    int before = etcd.transactions();
    crowd.forEach(key -> arrives(key, stamp(100)));
    await().atMost(LIMIT).until(() -> etcd.keys().size() == crowd.size() + 1);
    int transactions = etcd.transactions();
    assertThat(transactions - before)
        .isBetween(crowd.size() / EtcdLeases.MAX_CHANGES, crowd.size() / 10);
    crowd.forEach(key -> arrives(key, stamp(220)));
    arrives(1, null);
    await().atMost(LIMIT).until(() -> written(1) != null);
    assertThat(etcd.transactions()).as("for the last one alone").isEqualTo(transactions + 1);
    assertThat(work.status().counts())
        .containsEntry("arrived", crowd.size() + 1L)
        .containsEntry("transactions", transactions + 1L);
  }

  @Test
  void shouldForgetAPeerThatHasCalledAnotherNodeLater() throws InterruptedException {
    arrives(1, stamp(100));
    await().atMost(LIMIT).until(() -> written(1) != null);
    isElsewhere(1, 200);
    await().atMost(LIMIT).until(() -> peers.left.contains(key(1)));
    ClusterStatus status = awaitStatus(0, 1);
    assertThat(status.counts()).containsEntry("departed", 1L);
    assertThat(work.places())
        .singleElement()
        .satisfies(
            place -> {
              assertThat(place.key()).isEqualTo(key(1));
              assertThat(place.node()).isEqualTo("b");
            });
  }

  @Test
  void shouldRefuseWhatWasSaidToAnotherNodeBefore() throws InterruptedException {
    isElsewhere(1, 200);
    PeerSessions.Listener listener = peers.sessions;
    assertThat(listener.isNews(key(1), stamp(199))).isFalse();
    assertThat(listener.isNews(key(1), stamp(200))).isFalse();
    assertThat(listener.isNews(key(1), stamp(201))).isTrue();
    assertThat(listener.isNews(key(2), stamp(1))).as("nobody knows it").isTrue();
    sessions.change(1, null);
    assertThat(listener.isNews(key(1), stamp(199))).as("it is nowhere by now").isFalse();
  }

  @Test
  void shouldCountAndPassOverWhatIsNoEntry() throws InterruptedException {
    for (String text : List.of("", "nonsense", "{}", "{\"node\":{}}", "{\"node\":\"b\"")) {
      sessions.change(1, text);
    }
    assertThat(work.status().counts()).containsEntry("unreadable", 5L);
    awaitStatus(0, 0);
    isElsewhere(2, 5);
    awaitStatus(0, 1);
  }

  @Test
  void shouldEraseAPeerThatIsRemoved() {
    arrives(1, stamp(100));
    await().atMost(LIMIT).until(() -> written(1) != null);
    peers.peers.remove(key(1));
    peers.changeListener.accept(List.of(key(1)));
    await().atMost(LIMIT).until(() -> written(1) == null);
    awaitStatus(0, 0);
  }

  @Test
  void shouldEraseAPeerWhoseSessionIsOver() {
    arrives(1, stamp(100));
    await().atMost(LIMIT).until(() -> written(1) != null);
    peers.handshakes.put(key(1), 1L);
    await().atMost(LIMIT).until(() -> written(1) == null);
  }

  @Test
  void shouldWriteAllAgainWhenItsLeaseIsOver() {
    arrives(1, stamp(100));
    await().atMost(LIMIT).until(() -> written(1) != null);
    etcd.expireLeases();
    assertThat(written(1)).isNull();
    arrives(2, null); // the next write finds out
    await().atMost(LIMIT).until(() -> written(1) != null && written(2) != null);
  }

  @Test
  void shouldLeaveNothingWhenItEnds() {
    arrives(1, stamp(100));
    await().atMost(LIMIT).until(() -> written(1) != null);
    work.close();
    assertThat(etcd.keys()).isEmpty();
    assertThat(peers.sessions).isSameAs(PeerSessions.Listener.NONE);
  }
}
