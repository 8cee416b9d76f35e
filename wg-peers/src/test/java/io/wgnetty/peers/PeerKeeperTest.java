package io.wgnetty.peers;

import static io.wgnetty.peers.FakeSource.key;
import static io.wgnetty.peers.FakeSource.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.peers.plan.Refusal;
import io.wgnetty.peers.source.StoredRecord;
import io.wgnetty.setup.FileClaims;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From records to changes of an interface. */
class PeerKeeperTest {
  private final FakeBeside peers = new FakeBeside();
  private final FakeSource source = new FakeSource();
  private long nowSeconds = 1_000_000;
  private final PeerKeeper keeper = new PeerKeeper(peers, source, () -> nowSeconds);

  private static StoredRecord stored(int number, String text) {
    return new StoredRecord(key(number).toBase64(), 0, text.getBytes(UTF_8), null);
  }

  private void enter(StoredRecord... some) throws InterruptedException {
    keeper.enter(List.of(some));
    keeper.settle();
  }

  @Test
  void shouldMakeAPeerOfARecordAndTakeItAway() throws InterruptedException {
    enter(stored(1, record(1, ",\"label\":\"phone\",\"persistent_keepalive\":25")));
    PeerSettings made = Objects.requireNonNull(peers.peers.get(key(1)));
    assertThat(made.label()).isEqualTo("phone");
    assertThat(made.keepaliveSeconds()).isEqualTo(25);
    assertThat(keeper.present().installed()).isEqualTo(1);
    assertThat(keeper.present().lastChange()).isEqualTo(nowSeconds);
    enter(StoredRecord.gone(key(1).toBase64()));
    assertThat(peers.peers).isEmpty();
    assertThat(keeper.present().installed()).isZero();
  }

  @Test
  void shouldDoNothingForWhatMakesTheSamePeer() throws InterruptedException {
    enter(stored(1, record(1, "")));
    enter(stored(1, record(1, ",\"note\":\"passed over\"")));
    assertThat(peers.changes).hasSize(1);
  }

  @Test
  void shouldLeaveAPeerAsItWasWhenItsRecordIsBroken() throws InterruptedException {
    enter(stored(1, record(1, "")));
    enter(stored(1, "{\"allowed_ips\":"));
    assertThat(peers.peers).containsOnlyKeys(key(1));
    assertThat(keeper.refusalOf(key(1).toBase64())).isEqualTo(Refusal.INVALID);
    assertThat(keeper.present().refused()).containsEntry("invalid", 1L);
    enter(stored(1, record(1, "")));
    assertThat(keeper.refusalOf(key(1).toBase64())).isNull();
  }

  @Test
  void shouldSendAPeerAwayWhenItsTimeIsOver() throws InterruptedException {
    enter(stored(1, record(1, ",\"not_after\":\"1970-01-12T13:46:41Z\""))); // second 1,000,001
    nowSeconds++;
    keeper.settle();
    assertThat(peers.peers).as("the last second is within").hasSize(1);
    nowSeconds++;
    keeper.settle();
    assertThat(peers.peers).isEmpty();
    assertThat(keeper.present().expired()).isEqualTo(1);
  }

  @Test
  void shouldGiveWayToTheFile() throws InterruptedException {
    enter(stored(1, record(1, "")), stored(2, record(2, "")));
    peers.file = new FileClaims(null, Set.of(), Set.of(IpPrefix.parse("10.0.0.2/32")));
    keeper.fileChanged();
    assertThat(peers.peers).containsOnlyKeys(key(1));
    assertThat(keeper.present().refused()).containsEntry("in_file", 1L);
    peers.file = FileClaims.NONE;
    keeper.fileChanged();
    assertThat(peers.peers).containsOnlyKeys(key(1), key(2));
  }

  @Test
  void shouldForgetWhatAListingLacks() throws InterruptedException {
    enter(stored(1, record(1, "")), stored(2, record(2, "")));
    keeper.beginListing();
    keeper.enter(List.of(stored(2, record(2, ""))));
    keeper.endListing();
    keeper.settle();
    assertThat(peers.peers).containsOnlyKeys(key(2));
    assertThat(keeper.has(key(1).toBase64())).isFalse();
  }
}
