package io.wgnetty.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.LonePeer;
import io.wgnetty.peer.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Totals over several runs of an interface, in real files. */
class AccountsTest {
  private static final PublicKey PHONE = LonePeer.numbered(1).publicKey();
  private static final PublicKey LAPTOP = LonePeer.numbered(2).publicKey();

  @TempDir private Path folder;
  private final SetClock clock = new SetClock();
  private final List<Accounts> begun = new ArrayList<>();
  private AccountedDevice device = new AccountedDevice();

  /** A run of the interface, whose counters begin at nothing. */
  private Accounts run() throws IOException {
    device = new AccountedDevice();
    var accounts = new Accounts("wg0", AccountFiles.in(List.of(folder), "wg0"), clock, false);
    begun.add(accounts);
    accounts.keep(device::traffic);
    return accounts;
  }

  @AfterEach
  void end() {
    begun.forEach(Accounts::close);
  }

  private Path file() {
    return folder.resolve("wg0.accounts");
  }

  private static String total(Accounts accounts, PublicKey key) {
    Optional<PeerTraffic> found =
        accounts.totals().stream().filter(peer -> peer.publicKey().equals(key)).findFirst();
    return found.map(peer -> peer.receivedBytes() + "/" + peer.sentBytes()).orElse("none");
  }

  private static String reported(AccountReport report, PublicKey key) {
    return report.lines().stream()
        .filter(line -> line.publicKey().equals(key))
        .map(
            line ->
                line.receivedBytes() + "/" + line.sentBytes() + (line.present() ? "" : " removed"))
        .findFirst()
        .orElse("none");
  }

  /** The run is killed: what its file says now is all that is left. */
  private void kill(Accounts accounts) throws IOException {
    byte[] left = Files.readAllBytes(file());
    accounts.close();
    Files.write(file(), left);
  }

  @Test
  void shouldGoOnWhereTheRunBeforeEnded() throws IOException {
    Accounts first = run();
    device.carry(PHONE, 100, 10);
    assertThat(total(first, PHONE)).isEqualTo("100/10");
    device.carry(PHONE, 150, 20);
    long generation = first.generation();
    first.close();
    clock.now = clock.now.plus(Duration.ofHours(1));

    Accounts second = run();
    device.carry(PHONE, 0, 0);
    assertThat(total(second, PHONE)).isEqualTo("150/20");
    device.carry(PHONE, 7, 3);
    assertThat(total(second, PHONE)).isEqualTo("157/23");
    assertThat(second.generation()).isEqualTo(generation);
  }

  @Test
  void shouldBeginAnotherGenerationAfterARunThatWasKilled() throws IOException {
    Accounts first = run();
    device.carry(PHONE, 100, 10);
    first.tick(); // too soon after the one before to be written
    assertThat(total(first, PHONE)).isEqualTo("100/10");
    long generation = first.generation();
    kill(first);

    Accounts second = run();
    device.carry(PHONE, 0, 0);
    assertThat(second.generation()).as("also within the same second").isGreaterThan(generation);
    assertThat(total(second, PHONE)).isEqualTo("0/0");
    second.close();

    Accounts third = run();
    assertThat(third.generation()).isEqualTo(second.generation());
  }

  @Test
  void shouldCountExactlyWhatARemovedPeerCarried() throws IOException {
    Accounts accounts = run();
    Peer peer = LonePeer.numbered(1);
    device.carry(PHONE, 100, 10);
    assertThat(total(accounts, PHONE)).isEqualTo("100/10");
    peer.countReceived(130);
    device.remove(PHONE);
    accounts.removed(peer);
    assertThat(total(accounts, PHONE)).isEqualTo("none");
    assertThat(reported(accounts.report(null), PHONE)).isEqualTo("130/10 removed");

    device.carry(PHONE, 300, 5); // it is added again, and carries more than before
    assertThat(total(accounts, PHONE)).isEqualTo("430/15");
  }

  @Test
  void shouldReportDays() throws IOException {
    Accounts accounts = run();
    device.carry(PHONE, 100, 10);
    device.carry(LAPTOP, 1, 1);
    accounts.tick();
    clock.now = Instant.parse("2026-12-01T00:00:05Z");
    accounts.tick();
    device.carry(PHONE, 110, 30);
    clock.now = Instant.parse("2026-12-03T12:00:00Z");
    accounts.tick();
    device.carry(PHONE, 111, 31);
    assertThat(reported(accounts.report(LocalDate.parse("2026-12-03")), PHONE)).isEqualTo("1/1");
    assertThat(reported(accounts.report(LocalDate.parse("2026-12-01")), PHONE)).isEqualTo("11/21");
    assertThat(reported(accounts.report(LocalDate.parse("2026-12-01")), LAPTOP)).isEqualTo("0/0");
    assertThat(reported(accounts.report(LocalDate.parse("2026-11-30")), PHONE)).isEqualTo("111/31");
    assertThat(accounts.report(LocalDate.parse("2026-11-30")).warnings()).isEmpty();
    assertThat(accounts.report(LocalDate.parse("2026-11-29")).warnings())
        .containsExactly("days before 2026-11-30 are not kept");
    accounts.close();

    Accounts next = run();
    device.carry(PHONE, 5, 0);
    assertThat(reported(next.report(LocalDate.parse("2026-12-03")), PHONE)).isEqualTo("6/1");
  }

  @Test
  void shouldSayWhichDayIsDamagedAndGoOnWithTheOthers() throws IOException {
    Accounts accounts = run();
    device.carry(PHONE, 100, 10);
    accounts.tick();
    clock.now = Instant.parse("2026-12-01T00:00:05Z");
    accounts.tick();
    device.carry(PHONE, 200, 20);
    Path day = folder.resolve("wg0.days/2026-11-30");
    assertThat(day).exists();
    Files.writeString(day, Files.readString(day).replace(" 100 ", " 900 "));
    AccountReport report = accounts.report(LocalDate.parse("2026-11-30"));
    assertThat(reported(report, PHONE)).isEqualTo("100/10");
    assertThat(report.warnings())
        .containsExactly("the day 2026-11-30 is missing: its checksum is wrong");
  }

  @Test
  void shouldForgetWhoWasRemovedLongAgoAndOldDays() throws IOException {
    Accounts accounts = run();
    device.carry(PHONE, 100, 10);
    device.carry(LAPTOP, 100, 10);
    accounts.tick();
    device.remove(LAPTOP);
    for (int i = 0; i < Ledger.KEPT_DAYS + 2; i++) {
      clock.now = clock.now.plus(Duration.ofDays(1));
      accounts.tick();
    }
    assertThat(reported(accounts.report(null), PHONE)).isEqualTo("100/10");
    assertThat(reported(accounts.report(null), LAPTOP)).isEqualTo("none");
    assertThat(folder.resolve("wg0.days/2026-11-30")).doesNotExist();
    assertThat(folder.resolve("wg0.days/2026-12-15")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense\n", "cut", "changed", "longer", "negative"})
  void shouldSetADamagedFileAside(String damage) throws IOException {
    Accounts first = run();
    device.carry(PHONE, 100, 10);
    first.close();
    String text = Files.readString(file());
    Files.writeString(
        file(),
        switch (damage) {
          case "cut" -> text.substring(0, text.length() - 20);
          case "changed" -> text.replace(" 100 ", " 101 ");
          case "longer" -> text.replace("\nend", "\n" + "x".repeat(5000) + "\nend");
          case "negative" -> text.replace(" 100 ", " -100 ");
          default -> damage;
        });
    byte[] damaged = Files.readAllBytes(file());
    clock.now = clock.now.plusSeconds(9);

    Accounts second = run();
    device.carry(PHONE, 5, 5);
    assertThat(total(second, PHONE)).isEqualTo("5/5");
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(folder.resolve("wg0.accounts.damaged")).hasBinaryContent(damaged);
  }

  @Test
  void shouldWriteForItsOwnerAloneAndSeldom() throws IOException {
    Accounts accounts = run();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    String before = Files.readString(file(), StandardCharsets.UTF_8);
    assertThat(before).startsWith("wg-netty-accounts 1 ").contains(" open\n");
    for (int i = 1; i < 100; i++) {
      device.carry(PHONE, i, i);
      accounts.tick();
    }
    assertThat(Files.readString(file())).as("not more often than once a minute").isEqualTo(before);
    accounts.close();
    assertThat(Files.readString(file()))
        .contains(" closed\n")
        .contains(" 99 99 99 99 2026-11-30 99 99");
    try (var names = Files.list(folder)) {
      assertThat(names.map(name -> name.getFileName().toString())).containsExactly("wg0.accounts");
    }
  }

  @Test
  void shouldSayThatItHasNoFolder() {
    assertThatThrownBy(
            () -> Accounts.open("wg0", List.of(Path.of("/proc/no/such"), Path.of("/proc/nor"))))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("--account: no file for totals can be kept: ");
  }

  /** Another process goes on with the interface, whose counters stay. */
  private Accounts takeOver() throws IOException {
    var accounts = new Accounts("wg0", AccountFiles.in(List.of(folder), "wg0"), clock, true);
    begun.add(accounts);
    return accounts;
  }

  @Test
  void shouldGoOnWhenAnotherProcessTakesOver() throws IOException {
    Accounts first = run();
    device.carry(PHONE, 100, 10);
    first.writeNow();
    Accounts second = takeOver();
    device.carry(PHONE, 120, 11);
    assertThat(total(first, PHONE)).as("it may fail yet").isEqualTo("120/11");
    first.leave();
    device.carry(PHONE, 150, 12);
    second.keep(device::traffic);
    assertThat(total(second, PHONE)).isEqualTo("150/12");
    assertThat(second.generation()).isEqualTo(first.generation());
    first.close();
    second.close();
    Accounts third = run();
    device.carry(PHONE, 1, 0);
    assertThat(total(third, PHONE)).isEqualTo("151/12");
    assertThat(third.generation()).isEqualTo(first.generation());
  }

  @Test
  void shouldCountFromATakeOverOnIfNobodyCountedBefore() throws IOException {
    device.carry(PHONE, 1000, 1000);
    Accounts accounts = takeOver();
    accounts.keep(device::traffic);
    assertThat(total(accounts, PHONE)).isEqualTo("0/0");
    device.carry(PHONE, 1001, 1002);
    assertThat(total(accounts, PHONE)).isEqualTo("1/2");
  }

  @Test
  void shouldNeverGoBackwardsWithinAGeneration() throws IOException {
    long generation = 0;
    long greatest = 0;
    for (int i = 0; i < 20; i++) {
      Accounts accounts = run();
      for (int bytes = 0; bytes < 50; bytes += 10) {
        device.carry(PHONE, bytes, bytes);
        long total = accounts.totals().getFirst().receivedBytes();
        if (accounts.generation() == generation) {
          assertThat(total).isGreaterThanOrEqualTo(greatest);
        }
        generation = accounts.generation();
        greatest = total;
      }
      if (i % 3 == 0) {
        kill(accounts);
      } else {
        accounts.close();
      }
    }
  }
}
