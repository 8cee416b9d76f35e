package io.wgnetty.radius;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.observe.Presence;
import io.wgnetty.observe.RadiusCounts;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a RADIUS server when the peers of an interface were connected and what they carried, on a
 * thread of its own. Nothing of the data path waits for it, and a server that does not answer costs
 * a bounded memory.
 */
public final class RadiusAccounting implements ShardEvents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RadiusAccounting.class);

  /** How soon a peer that has connected is told of. */
  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(2);

  /** So long the end of an interface waits for the server. */
  private static final long END_NS = TimeUnit.SECONDS.toNanos(3);

  /** The same of one that has been silent already. */
  private static final long SILENT_END_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private final String interfaceName;
  private final RadiusSettings settings;
  private final RadiusExchange exchange;
  private final InstantSource clock = InstantSource.system();
  private volatile @Nullable SessionTable sessions;
  private @Nullable Thread thread;

  /** Why it ends; {@code null} while it does not. */
  private volatile AccountingRecord.@Nullable Cause ending;

  private RadiusAccounting(String interfaceName, RadiusSettings settings, RadiusExchange exchange) {
    this.interfaceName = interfaceName;
    this.settings = settings;
    this.exchange = exchange;
  }

  /**
   * Nothing is sent yet.
   *
   * @throws IOException if the secret cannot be read; the message says why
   */
  public static RadiusAccounting open(String interfaceName, RadiusSettings settings)
      throws IOException {
    byte[] secret = RadiusSecret.read(settings.secretFile());
    var attributes = new RecordAttributes(hostName() + "-" + interfaceName, interfaceName);
    return new RadiusAccounting(
        interfaceName,
        settings,
        new RadiusExchange(interfaceName, settings.server(), secret, attributes));
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return "wg-netty"; // the interface's name still tells
    }
  }

  /** What became of records so far. */
  public RadiusCounts counts() {
    SessionTable table = sessions;
    return new RadiusCounts(
        exchange.acknowledged(),
        exchange.dropped(),
        exchange.retransmissions(),
        exchange.refusedAnswers(),
        exchange.unconfirmed(),
        table == null ? 0 : table.size());
  }

  /**
   * The interface works from now on.
   *
   * @param inherited whether another process had it until now, and has told what it did
   */
  public synchronized void begin(DeviceControl device, boolean inherited) {
    if (thread != null || ending != null) {
      return;
    }
    var table =
        new SessionTable(
            new SessionTable.Peers() {
              @Override
              public List<PeerTraffic> traffic() {
                return device.traffic();
              }

              @Override
              public List<PeerDetails> details(Collection<PublicKey> keys) {
                return device.details(List.copyOf(keys));
              }
            },
            Presence.usual(),
            settings.interimSeconds(),
            clock,
            new SplittableRandom(new SecureRandom().nextLong()),
            exchange::add);
    if (inherited) {
      table.goOnFromHere();
    } else {
      exchange.add(AccountingRecord.of(AccountingRecord.Status.ON, clock.instant()));
    }
    sessions = table;
    thread = Thread.ofPlatform().daemon().name("radius-" + interfaceName).start(() -> run(table));
    LOG.info("interface {}: accounting goes to {}", interfaceName, settings.server());
  }

  @Override
  public void removed(Peer peer) {
    SessionTable table = sessions;
    if (table != null) {
      table.removed(peer);
    }
  }

  private void run(SessionTable table) {
    long lookedNs = System.nanoTime() - LOOK_NS;
    while (ending == null) {
      long nowNs = System.nanoTime();
      if (nowNs - lookedNs >= LOOK_NS) {
        lookedNs = nowNs;
        look(table, nowNs);
      }
      exchange.turn(nowNs, lookedNs + LOOK_NS - nowNs);
    }
    AccountingRecord.Cause cause = ending;
    try {
      if (cause != null) {
        end(table, cause);
      }
    } finally {
      exchange.close();
    }
  }

  private void look(SessionTable table, long nowNs) {
    try {
      table.look(nowNs);
    } catch (RuntimeException e) { // such as that the interface is just closing
      LOG.debug("interface {}: peers could not be looked at", interfaceName, e);
    }
  }

  private void end(SessionTable table, AccountingRecord.Cause cause) {
    boolean interfaceEnds = cause == AccountingRecord.Cause.ADMIN_REBOOT;
    long beginNs = System.nanoTime();
    try {
      table.end(beginNs, cause, interfaceEnds);
    } catch (RuntimeException e) {
      LOG.debug("interface {}: peers could not be asked at the end", interfaceName, e);
    }
    if (interfaceEnds) {
      exchange.add(AccountingRecord.of(AccountingRecord.Status.OFF, clock.instant()));
    }
    long patienceNs = exchange.isSilent() ? SILENT_END_NS : END_NS;
    long nowNs = beginNs;
    while (exchange.unconfirmed() > 0 && nowNs - beginNs < patienceNs) {
      exchange.turn(nowNs, patienceNs - (nowNs - beginNs));
      nowNs = System.nanoTime();
    }
    int left = exchange.unconfirmed();
    if (left > 0) {
      LOG.warn(
          "interface {}: the RADIUS server {} has not confirmed the last {} records",
          interfaceName,
          settings.server(),
          left);
      exchange.dropAll();
    }
  }

  /** Another process is about to go on with the interface: what peers have carried is noted. */
  public void note() {
    SessionTable table = sessions;
    if (table != null) {
      table.note();
    }
  }

  /** Another process goes on with the interface, in sessions of its own. */
  public void leave() {
    end(AccountingRecord.Cause.NAS_REQUEST);
  }

  /** Ends all sessions, while the interface still runs; waits a little for the server. */
  @Override
  public void close() {
    end(AccountingRecord.Cause.ADMIN_REBOOT);
  }

  private synchronized void end(AccountingRecord.Cause cause) {
    if (ending != null) {
      return;
    }
    ending = cause;
    Thread running = thread;
    if (running == null) {
      exchange.close();
    } else {
      exchange.wakeUp();
      await(running);
    }
  }

  /** Until it has told the end, also when this thread is interrupted meanwhile: that is bounded. */
  private static void await(Thread running) {
    long deadlineNs = System.nanoTime() + 2 * END_NS;
    boolean interrupted = false;
    while (running.isAlive() && System.nanoTime() - deadlineNs < 0) {
      try {
        running.join(TimeUnit.NANOSECONDS.toMillis(END_NS));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
