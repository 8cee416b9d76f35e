package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What each peer has carried: in all since this generation began, and today. Counters of a run
 * begin at nothing; here they are added up. Not thread-safe.
 */
final class Ledger {
  /** Who was removed is remembered for so long after the last byte. */
  static final int KEPT_DAYS = 62;

  /** One peer's. */
  static final class Account {
    long received;
    long sent;
    long receivedToday;
    long sentToday;
    LocalDate lastDay;

    /** The run's counters when they were looked at last. */
    long seenReceived;

    long seenSent;

    Account(LocalDate lastDay) {
      this.lastDay = lastDay;
    }
  }

  private final long generation;
  private final Map<PublicKey, Account> accounts = new HashMap<>();
  private final int mostAccounts;
  private LocalDate day;

  /**
   * Nobody has carried anything yet.
   *
   * @param generation when it began, in seconds since 1970
   * @param mostAccounts beyond these, who was removed is forgotten
   */
  Ledger(long generation, LocalDate day, int mostAccounts) {
    this.generation = generation;
    this.day = day;
    this.mostAccounts = mostAccounts;
  }

  long generation() {
    return generation;
  }

  LocalDate day() {
    return day;
  }

  Map<PublicKey, Account> accounts() {
    return accounts;
  }

  /** The same totals under another generation: some of what came last may be missing. */
  Ledger inGeneration(long other) {
    var same = new Ledger(other, day, mostAccounts);
    same.accounts.putAll(accounts);
    return same;
  }

  /** Counters begin at nothing. */
  void beginRun() {
    for (Account account : accounts.values()) {
      account.seenReceived = 0;
      account.seenSent = 0;
    }
  }

  /** What these counters say was not carried on this account. */
  void see(List<PeerTraffic> peers) {
    for (PeerTraffic peer : peers) {
      Account account = accounts.computeIfAbsent(peer.publicKey(), absent -> new Account(day));
      account.seenReceived = peer.receivedBytes();
      account.seenSent = peer.sentBytes();
    }
  }

  /**
   * Adds what was carried since the last look.
   *
   * @return whether there was anything
   */
  boolean collect(List<PeerTraffic> peers) {
    boolean any = false;
    for (PeerTraffic peer : peers) {
      any |= add(peer);
    }
    return any;
  }

  private boolean add(PeerTraffic peer) {
    Account account = accounts.get(peer.publicKey());
    if (account == null) {
      account = new Account(day);
      accounts.put(peer.publicKey(), account);
    }
    long received = since(account.seenReceived, peer.receivedBytes());
    long sent = since(account.seenSent, peer.sentBytes());
    account.seenReceived = peer.receivedBytes();
    account.seenSent = peer.sentBytes();
    account.received += received;
    account.sent += sent;
    account.receivedToday += received;
    account.sentToday += sent;
    if (received != 0 || sent != 0) {
      account.lastDay = day;
      return true;
    }
    return false;
  }

  /** A counter that is less than before has begun anew: the peer was removed and added. */
  private static long since(long before, long now) {
    return now < before ? now : now - before;
  }

  /** A peer is removed, and these were its counters in the end. */
  void left(PeerTraffic peer) {
    add(peer);
    Account account = accounts.get(peer.publicKey());
    if (account != null) {
      account.seenReceived = 0;
      account.seenSent = 0;
    }
  }

  /** What was carried on the day that ends: nobody is in it who carried nothing. */
  Map<PublicKey, DayTotal> today() {
    Map<PublicKey, DayTotal> today = new HashMap<>();
    accounts.forEach(
        (key, account) -> {
          if (account.receivedToday != 0 || account.sentToday != 0) {
            today.put(key, new DayTotal(account.receivedToday, account.sentToday));
          }
        });
    return today;
  }

  /** Another day begins. */
  void begin(LocalDate next, List<PeerTraffic> present) {
    day = next;
    for (Account account : accounts.values()) {
      account.receivedToday = 0;
      account.sentToday = 0;
    }
    forget(present);
  }

  private void forget(List<PeerTraffic> present) {
    Set<PublicKey> keys = new HashSet<>(2 * present.size());
    present.forEach(peer -> keys.add(peer.publicKey()));
    LocalDate oldest = day.minusDays(KEPT_DAYS);
    accounts
        .entrySet()
        .removeIf(
            entry -> entry.getValue().lastDay.isBefore(oldest) && !keys.contains(entry.getKey()));
    if (accounts.size() > mostAccounts) {
      List<Map.Entry<PublicKey, Account>> gone =
          new ArrayList<>(
              accounts.entrySet().stream().filter(e -> !keys.contains(e.getKey())).toList());
      gone.sort(Comparator.comparing(entry -> entry.getValue().lastDay));
      int tooMany = Math.min(gone.size(), accounts.size() - mostAccounts);
      gone.subList(0, tooMany).forEach(entry -> accounts.remove(entry.getKey()));
    }
  }
}
