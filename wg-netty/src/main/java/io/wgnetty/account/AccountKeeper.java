package io.wgnetty.account;

import io.wgnetty.device.DeviceControl;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the totals of an interface's peers kept: from the beginning if that is asked for, otherwise
 * from when there is a quota, which is nothing without them.
 */
public final class AccountKeeper implements ShardEvents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccountKeeper.class);

  private final String interfaceName;
  private final List<Path> folders;
  private volatile @Nullable Accounts accounts;
  private @Nullable DeviceControl device;
  private boolean metering;
  private boolean ended;

  /** {@code folders} are where the files may be. */
  public AccountKeeper(String interfaceName, List<Path> folders) {
    this.interfaceName = interfaceName;
    this.folders = List.copyOf(folders);
  }

  /**
   * Totals are to be kept.
   *
   * @param inherited whether another process had the interface until now
   * @throws IOException if they can be kept nowhere; the message says why
   */
  public void open(boolean inherited) throws IOException {
    accounts =
        inherited
            ? Accounts.inherit(interfaceName, folders)
            : Accounts.open(interfaceName, folders);
  }

  /** What is kept; {@code null} if nothing is so far. */
  public @Nullable Accounts accounts() {
    return accounts;
  }

  /** The interface works from now on. */
  public void keep(DeviceControl working) {
    synchronized (this) {
      device = working;
      if (accounts != null) {
        accounts.keep(working::traffic);
      }
    }
    working.limits().onQuota(this::quotaCame);
  }

  private synchronized void quotaCame() {
    if (metering || ended || device == null) {
      return;
    }
    Accounts kept = accounts;
    try {
      if (kept == null) {
        open(true); // what peers have carried so far is on no account
        kept = accounts;
        if (kept == null) {
          return;
        }
        kept.keep(device::traffic);
        LOG.info("interface {}: there are quotas, so totals of peers are kept", interfaceName);
      }
      metering = true;
      kept.meter(new QuotaMeter(kept, device.limits()));
    } catch (IOException e) {
      metering = true; // said once
      LOG.error("interface {}: quotas are not in force: {}", interfaceName, e.getMessage());
    }
  }

  @Override
  public void removed(Peer peer) {
    Accounts kept = accounts;
    if (kept != null) {
      kept.removed(peer);
    }
  }

  /** Writes down what another process is to go on from. */
  public void writeNow() {
    Accounts kept = accounts;
    if (kept != null) {
      kept.writeNow();
    }
  }

  /** Another process keeps them from now on. */
  public synchronized void leave() {
    ended = true;
    if (accounts != null) {
      accounts.leave();
    }
  }

  @Override
  public void close() {
    Accounts kept;
    synchronized (this) {
      ended = true;
      kept = accounts;
    }
    if (kept != null) {
      kept.close();
    }
  }
}
