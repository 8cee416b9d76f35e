package io.wgnetty.node;

import io.wgnetty.device.MachineSleep;
import io.wgnetty.netlink.KernelEvents;
import io.wgnetty.netlink.NetlinkException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears that this virtual machine goes on from a snapshot, or as a clone, and has every interface
 * forget its sessions: another machine, or this one before, may have used their keys and counters
 * already (protocol 9).
 *
 * <p>The kernel tells it where the hypervisor gives the machine a generation number (VMGENID) that
 * changes with each such step.
 *
 * <p>The same after the machine has slept, as in the kernel's WireGuard: keys were in an image of
 * its memory meanwhile, and nobody was heard.
 */
final class SnapshotWatch {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotWatch.class);

  /** What the kernel's driver adds to its message when the number has changed. */
  private static final String NEW_GENERATION = "NEW_VMGENID=1";

  /** How long to wait before the kernel is asked again, should it have refused. */
  private static final Duration PAUSE = Duration.ofMinutes(1);

  /** The kernel's messages, one by one. */
  @FunctionalInterface
  interface Source {
    List<String> next() throws NetlinkException;
  }

  private final Set<Runnable> actions = ConcurrentHashMap.newKeySet();

  /** How often is looked whether the machine has slept. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Watches for as long as the process lives. */
  static SnapshotWatch start() {
    var watch = new SnapshotWatch();
    Thread.ofPlatform().daemon().name("snapshot-watch").start(watch::watch);
    Thread.ofPlatform().daemon().name("sleep-watch").start(watch::watchSleep);
    return watch;
  }

  /** Has this done from now on whenever the machine goes on from a snapshot, or has slept. */
  void add(Runnable action) {
    actions.add(action);
  }

  void remove(Runnable action) {
    actions.remove(action);
  }

  private void watch() {
    while (true) {
      try (KernelEvents events = KernelEvents.open()) {
        follow(events::next);
      } catch (NetlinkException e) {
        LOG.debug("snapshots of the machine go unnoticed for now", e);
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void watchSleep() {
    var sleep = new MachineSleep();
    try {
      while (true) {
        Thread.sleep(LOOK);
        slept(sleep.sleptNs());
      }
    } catch (InterruptedException e) {
      return;
    }
  }

  /** The machine has slept for so long; 0 if it has not. */
  void slept(long ns) {
    if (ns > 0) {
      LOG.warn(
          "the machine has slept for {} s: all sessions begin afresh",
          TimeUnit.NANOSECONDS.toSeconds(ns));
      actions.forEach(SnapshotWatch::perform);
    }
  }

  /** Follows the messages until they end with an exception. */
  void follow(Source source) throws NetlinkException {
    while (true) {
      if (source.next().contains(NEW_GENERATION)) {
        LOG.warn("the machine was cloned or set back to a snapshot: all sessions begin afresh");
        actions.forEach(SnapshotWatch::perform);
      }
    }
  }

  private static void perform(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      LOG.error("an interface's sessions could not be ended", e);
    }
  }
}
