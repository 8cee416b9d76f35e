package io.wgnetty.peers.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.peers.etcd.EtcdLeases.Change;
import io.wgnetty.peers.etcd.EtcdSources;
import io.wgnetty.peers.etcd.FakeEtcd;
import io.wgnetty.peers.source.SourceAddress;
import io.wgnetty.peers.source.Web;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stands in the directory while a node is there, and afterwards. */
class LeaseKeeperTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final AtomicInteger begunAnew = new AtomicInteger();
  private FakeEtcd etcd;
  private LeaseKeeper keeper;

  @BeforeEach
  void begin() throws IOException {
    etcd = new FakeEtcd();
    var address =
        SourceAddress.parse(
            "etcd://127.0.0.1:1,%s/wg".formatted(etcd.uri().getAuthority())); // one is away
    keeper =
        new LeaseKeeper(
            "wg0",
            EtcdSources.leases(address, new Web(null, Duration.ofSeconds(20)), null, null),
            () -> change("nodes/a", "node", false),
            begunAnew::incrementAndGet);
  }

  @AfterEach
  void end() throws InterruptedException {
    keeper.close();
    etcd.close();
  }

  private static Change change(String name, String value, boolean erases) {
    return new Change(name, value.getBytes(UTF_8), erases);
  }

  private void awaitValue(String key, String value) {
    await().atMost(LIMIT).until(() -> value.equals(etcd.value(key)));
  }

  @Test
  void shouldSayThatTheNodeIsThereAndWritePeersInFewTransactions() throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      keeper.add(change("sessions/" + i, "here", false));
    }
    keeper.start();
    awaitValue("/wg/nodes/a", "node");
    await().atMost(LIMIT).until(() -> etcd.keys().size() == 1001);
    assertThat(etcd.transactions()).isEqualTo(1 + 1000 / 64 + 1);
    await().atMost(LIMIT).until(() -> keeper.written() == 1001); // counted behind the write
    assertThat(keeper.waiting()).isZero();
    keeper.close();
    assertThat(etcd.keys()).as("all goes with the lease").isEmpty();
  }

  @Test
  void shouldWriteOnlyTheLatestOfWhatWaits() {
    keeper.add(change("sessions/x", "1", false));
    keeper.add(change("sessions/x", "2", false));
    keeper.start();
    awaitValue("/wg/sessions/x", "2");
    await().atMost(LIMIT).until(() -> keeper.written() == 2); // counted behind the write
  }

  @Test
  void shouldEraseWhatIsItsOwnWhateverItSaysAndOfOthersOnlyWhatItSaw() {
    etcd.put("/wg/sessions/left", "of a run before");
    etcd.put("/wg/sessions/moved", "at b");
    keeper.add(change("sessions/x", "1", false));
    keeper.start();
    awaitValue("/wg/sessions/x", "1");
    keeper.add(change("sessions/x", "2", true));
    keeper.add(change("sessions/left", "of a run before", true));
    keeper.add(change("sessions/moved", "here", true));
    keeper.add(change("sessions/last", "1", false));
    awaitValue("/wg/sessions/last", "1");
    assertThat(etcd.keys())
        .containsExactly("/wg/nodes/a", "/wg/sessions/last", "/wg/sessions/moved");
  }

  @Test
  void shouldBeginAnewWhenTheLeaseIsOver() {
    keeper.start();
    awaitValue("/wg/nodes/a", "node");
    etcd.expireLeases();
    keeper.add(change("sessions/x", "1", false));
    awaitValue("/wg/sessions/x", "1");
    awaitValue("/wg/nodes/a", "node");
    await().atMost(LIMIT).until(() -> begunAnew.get() == 1);
  }
}
