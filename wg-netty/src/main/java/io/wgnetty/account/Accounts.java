package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the peers of an interface have carried, over restarts and reloads. Counters are read from
 * outside of the loops every few seconds, and once more for each peer that is removed.
 *
 * <p>Within a generation no total ever becomes less. Another one begins when some of what came last
 * may be missing: after a run that was killed, and when the file is gone or damaged. Any thread.
 */
public final class Accounts implements ShardEvents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);

  /** So much may be carried beyond a quota. */
  private static final Duration QUOTA_INTERVAL = Duration.ofSeconds(1);

  /** The file is not written more often. */
  private static final Duration WRITE_INTERVAL = Duration.ofSeconds(60);

  /** So much goes to the disk on average, however many peers there are. */
  private static final long BYTES_PER_SECOND = 500_000;

  private final String interfaceName;
  private final AccountFiles files;
  private final Clock clock;
  private final ScheduledThreadPoolExecutor executor;
  private Ledger ledger; // guarded by this, as what follows
  private EarlierInMonth month = EarlierInMonth.UNKNOWN;
  private volatile Supplier<List<PeerTraffic>> traffic = List::of;

  /** What peers had carried when they were removed; loops put it there, and wait for nothing. */
  private final Queue<PeerTraffic> departures = new ConcurrentLinkedQueue<>();

  private volatile boolean kept;
  private volatile boolean closed;
  private boolean unwritten;
  private boolean failing;
  private long nextWriteNs = System.nanoTime();

  /** The peers' counters do not begin at nothing, and nothing of them was added yet. */
  private final boolean countsFromHere;

  /**
   * The accounts of an interface.
   *
   * @param inherited whether another process had it until now, and its counters go on
   */
  Accounts(String interfaceName, AccountFiles files, Clock clock, boolean inherited) {
    this.interfaceName = interfaceName;
    this.files = files;
    this.clock = clock;
    FormerLedger former = FormerLedger.of(interfaceName, files, clock, inherited);
    this.ledger = former.ledger();
    this.countsFromHere = former.countsFromHere();
    this.executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("accounts-" + interfaceName).factory());
  }

  /**
   * The accounts of an interface, as the run before has left them.
   *
   * @param folders where its files may be
   * @throws IOException if they can be kept nowhere; the message says why
   */
  public static Accounts open(String interfaceName, List<Path> folders) throws IOException {
    return open(interfaceName, folders, false);
  }

  /**
   * The accounts of an interface that another process has handed over, as that has left them. They
   * are kept from when this process has begun.
   */
  public static Accounts inherit(String interfaceName, List<Path> folders) throws IOException {
    return open(interfaceName, folders, true);
  }

  private static Accounts open(String interfaceName, List<Path> folders, boolean inherited)
      throws IOException {
    try {
      AccountFiles files = AccountFiles.in(folders, interfaceName);
      return new Accounts(interfaceName, files, Clock.systemUTC(), inherited);
    } catch (IOException e) {
      throw new IOException("--account: no file for totals can be kept: " + e.getMessage(), e);
    }
  }

  private LocalDate today() {
    return today(clock);
  }

  static LocalDate today(Clock clock) {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  /** Keeps what these counters of all peers say from now on. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing escapes from what it runs
  public void keep(Supplier<List<PeerTraffic>> counters) {
    traffic = counters;
    kept = true;
    if (countsFromHere) {
      countFromHere(counters.get());
    }
    synchronized (this) {
      unwritten = true; // that it is open is to be known if this run does not end in order
      tick();
    }
    executor.scheduleWithFixedDelay(
        this::tick, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void removed(Peer peer) {
    if (!closed) {
      departures.add(
          new PeerTraffic(peer.publicKey(), peer.receivedBytes(), peer.sentBytes(), 0, -1));
    }
  }

  synchronized void tick() {
    if (closed) {
      return;
    }
    try {
      List<PeerTraffic> present = collect();
      LocalDate now = today();
      if (now.isAfter(ledger.day())) { // a clock that goes back does not
        endDay(now, present);
      }
      if (unwritten && System.nanoTime() - nextWriteNs >= 0) {
        write(false);
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("interface {} ends", interfaceName);
    } catch (RuntimeException e) {
      LOG.error("interface {}: totals of peers could not be kept", interfaceName, e);
    }
  }

  private synchronized void countFromHere(List<PeerTraffic> present) {
    ledger.see(present);
  }

  private List<PeerTraffic> collect() {
    return collect(traffic);
  }

  /** Adds what these counters, of all peers or of some, say was carried. */
  private List<PeerTraffic> collect(Supplier<List<PeerTraffic>> counters) {
    if (closed) {
      return List.of();
    }
    List<PeerTraffic> present;
    do { // who is removed and added meanwhile has other counters than before
      takeDepartures();
      present = counters.get();
    } while (!departures.isEmpty());
    unwritten |= ledger.collect(present);
    return present;
  }

  private void takeDepartures() {
    PeerTraffic peer = departures.poll();
    while (peer != null) {
      ledger.left(peer);
      unwritten = true;
      peer = departures.poll();
    }
  }

  private void endDay(LocalDate next, List<PeerTraffic> present) {
    try {
      files.writeDay(ledger.day(), ledger.today());
      files.forgetBefore(next.minusDays(Ledger.KEPT_DAYS));
    } catch (IOException e) {
      LOG.warn("interface {}: the day {} is not kept: {}", interfaceName, ledger.day(), reason(e));
    }
    ledger.begin(next, present);
    unwritten = true;
    nextWriteNs = System.nanoTime();
  }

  private void write(boolean atEnd) {
    try {
      long bytes = files.write(ledger, atEnd);
      unwritten = false;
      long pauseNs = TimeUnit.SECONDS.toNanos(bytes) / BYTES_PER_SECOND;
      nextWriteNs = System.nanoTime() + Math.max(pauseNs, WRITE_INTERVAL.toNanos());
      if (failing) {
        LOG.info("interface {}: totals of peers are kept again", interfaceName);
      }
      failing = false;
    } catch (IOException e) {
      nextWriteNs = System.nanoTime() + WRITE_INTERVAL.toNanos();
      if (!failing) {
        LOG.error("interface {}: totals of peers are not written: {}", interfaceName, reason(e));
      }
      failing = true;
    }
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage());
  }

  /**
   * What these peers have carried since the day and the month have begun, in UTC.
   *
   * @param counters theirs
   * @param months whether the month is asked for
   */
  synchronized Map<PublicKey, Carried> carried(
      Supplier<List<PeerTraffic>> counters, boolean months) {
    if (today().isAfter(ledger.day())) {
      tick();
    }
    if (months && !ledger.day().equals(month.day())) {
      month = EarlierInMonth.of(interfaceName, files, ledger.day());
    }
    Map<PublicKey, Carried> carried = new HashMap<>();
    for (PeerTraffic peer : collect(counters)) {
      Ledger.Account account = ledger.accounts().get(peer.publicKey());
      if (account != null) {
        long today = account.receivedToday + account.sentToday;
        carried.put(
            peer.publicKey(),
            new Carried(today, months ? today + month.bytes(peer.publicKey()) : 0));
      }
    }
    return carried;
  }

  /** Has quotas looked at from now on. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing escapes from what it runs
  void meter(QuotaMeter meter) {
    long everyMs = QUOTA_INTERVAL.toMillis();
    executor.scheduleWithFixedDelay(meter::look, 0, everyMs, TimeUnit.MILLISECONDS);
  }

  /** When the present generation began, in seconds since 1970. */
  public synchronized long generation() {
    return ledger.generation();
  }

  /** The peers that there are, with what they carried in this generation. */
  public synchronized List<PeerTraffic> totals() {
    List<PeerTraffic> present = collect();
    List<PeerTraffic> totals = new ArrayList<>(present.size());
    for (PeerTraffic peer : present) {
      Ledger.Account account = ledger.accounts().get(peer.publicKey());
      if (account != null) {
        totals.add(
            new PeerTraffic(
                peer.publicKey(),
                account.received,
                account.sent,
                peer.lastHandshakeEpochNs(),
                peer.heardAgoNs()));
      }
    }
    return totals;
  }

  /**
   * What each peer has carried, also those that were removed.
   *
   * @param since from the beginning of this day (UTC); {@code null} for since ever
   */
  public AccountReport report(@Nullable LocalDate since) {
    Map<PublicKey, DayTotal> totals = new HashMap<>();
    Map<PublicKey, Long> present = new HashMap<>();
    long generation;
    synchronized (this) {
      collect().forEach(peer -> present.put(peer.publicKey(), peer.lastHandshakeEpochNs()));
      generation = ledger.generation();
      if (since == null) {
        ledger
            .accounts()
            .forEach((key, each) -> totals.put(key, new DayTotal(each.received, each.sent)));
      } else if (!since.isAfter(ledger.day())) {
        totals.putAll(ledger.today());
      }
    }
    List<String> warnings = new ArrayList<>();
    if (since != null) {
      new KeptDays(files, today()).add(since, totals, warnings);
    }
    present.keySet().forEach(key -> totals.putIfAbsent(key, new DayTotal(0, 0)));
    return AccountReport.of(generation, totals, present, warnings);
  }

  /** Writes the totals as they are, if they are kept already. */
  public synchronized void writeNow() {
    if (kept && !closed) {
      collect();
      write(false);
    }
  }

  /** Another process keeps them from now on. */
  public void leave() {
    executor.shutdownNow();
    closed = true;
  }

  /** Writes the totals at the end, while the interface still runs. */
  @Override
  public void close() {
    executor.shutdownNow();
    synchronized (this) {
      if (!closed) {
        try {
          collect();
        } catch (RuntimeException e) {
          LOG.debug("interface {} has ended before its totals were read", interfaceName, e);
        }
        closed = true;
        write(true);
      }
    }
  }
}
