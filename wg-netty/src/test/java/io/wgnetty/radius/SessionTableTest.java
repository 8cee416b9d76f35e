package io.wgnetty.radius;

import static io.wgnetty.radius.TestPeers.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.observe.Presence;
import io.wgnetty.radius.AccountingRecord.Cause;
import io.wgnetty.radius.AccountingRecord.Status;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionTableTest {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final Instant NOW = Instant.ofEpochSecond(0x6500_0000L);

  private final TestPeers peers = new TestPeers();
  private final List<AccountingRecord> records = new ArrayList<>();
  private final SessionTable table =
      new SessionTable(
          peers, Presence.usual(), 300, () -> NOW, new SplittableRandom(7), records::add);
  private long nowNs = 5 * SECOND_NS;

  private List<AccountingRecord> after(long seconds) {
    nowNs += seconds * SECOND_NS;
    records.clear();
    table.look(nowNs);
    return List.copyOf(records);
  }

  private static AccountingSession session(AccountingRecord record) {
    return requireNonNull(record.session());
  }

  @Test
  void shouldSayNothingOfPeersThatNeverCalled() {
    peers.set(1, -1, 0, 0);
    assertThat(after(2)).isEmpty();
    assertThat(table.size()).isZero();
  }

  @Test
  void shouldBeginASessionWithAllThatCameSinceTheStart() {
    peers.set(1, 0, 148, 92);
    List<AccountingRecord> begun = after(2);
    assertThat(begun).hasSize(1);
    assertThat(begun.getFirst().status()).isEqualTo(Status.START);
    assertThat(session(begun.getFirst()).id).isEqualTo("6500000000000000");
    assertThat(session(begun.getFirst()).user()).isEqualTo(key(1).toBase64());
    assertThat(session(begun.getFirst()).place()).isEqualTo("192.0.2.7:51820");
    peers.set(1, 0, 5_000, 9_000);
    assertThat(after(2)).isEmpty();
    List<AccountingRecord> interim = after(320);
    assertThat(interim).hasSize(1);
    assertThat(interim.getFirst().status()).isEqualTo(Status.INTERIM);
    assertThat(interim.getFirst().carried()).isEqualTo(new Traffic(5_000, 9_000, 5, 9));
    assertThat(interim.getFirst().seconds()).isEqualTo(322);
  }

  @Test
  void shouldEndASessionWhenThePeerWasSilentAndCountTheNextOneFromThere() {
    peers.set(1, 0, 1_000, 2_000);
    after(2);
    peers.set(1, 200 * SECOND_NS, 10_000, 20_000);
    List<AccountingRecord> gone = after(250);
    assertThat(gone).extracting(AccountingRecord::status).containsExactly(Status.STOP);
    assertThat(gone.getFirst().cause()).isEqualTo(Cause.IDLE_TIMEOUT);
    assertThat(gone.getFirst().carried()).isEqualTo(new Traffic(10_000, 20_000, 10, 20));
    assertThat(gone.getFirst().seconds()).as("until it was heard last").isEqualTo(50);
    assertThat(table.size()).isZero();

    peers.set(1, 0, 13_000, 24_000);
    List<AccountingRecord> back = after(2);
    assertThat(back).extracting(AccountingRecord::status).containsExactly(Status.START);
    assertThat(session(back.getFirst()).id).isNotEqualTo(session(gone.getFirst()).id);
    records.clear();
    table.end(nowNs + SECOND_NS, Cause.ADMIN_REBOOT, true);
    assertThat(records).extracting(AccountingRecord::status).containsExactly(Status.STOP);
    assertThat(records.getFirst().carried()).isEqualTo(new Traffic(3_000, 4_000, 3, 4));
    assertThat(records.getFirst().cause()).isEqualTo(Cause.ADMIN_REBOOT);
  }

  @Test
  void shouldNotTellAgainWhatAnotherProcessHasTold() {
    peers.set(1, 0, 1_000_000, 2_000_000);
    table.goOnFromHere();
    after(2);
    peers.set(1, 0, 1_001_000, 2_002_000);
    table.note();
    records.clear();
    table.end(nowNs, Cause.NAS_REQUEST, false);
    assertThat(records.getFirst().carried()).isEqualTo(new Traffic(1_000, 2_000, 1, 2));
  }

  @Test
  void shouldReadBytesAtTheEndWhenLoopsCannotBeAsked() {
    peers.set(1, 0, 0, 0);
    after(2);
    peers.set(1, 0, 7_000, 8_000);
    records.clear();
    table.end(nowNs, Cause.NAS_REQUEST, false);
    assertThat(records.getFirst().carried()).isEqualTo(new Traffic(7_000, 8_000, 0, 0));
  }

  @Test
  void shouldEndASessionWhosePeerIsNotThere() {
    peers.set(1, 0, 1_000, 0);
    after(2);
    peers.all.clear();
    List<AccountingRecord> records = after(320);
    assertThat(records).extracting(AccountingRecord::status).containsExactly(Status.STOP);
    assertThat(records.getFirst().cause()).isEqualTo(Cause.ADMIN_RESET);
    assertThat(after(320)).isEmpty();
  }

  @Test
  void shouldNotTellAllOfThemInTheSameMoment() {
    for (int i = 1; i <= 100; i++) {
      peers.set(i, 0, 0, 0);
    }
    assertThat(after(2)).hasSize(100);
    int told = after(300).size();
    assertThat(told).isBetween(20, 80);
    assertThat(after(20)).hasSize(100 - told);
  }
}
