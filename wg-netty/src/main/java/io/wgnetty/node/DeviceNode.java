package io.wgnetty.node;

import io.wgnetty.account.AccountKeeper;
import io.wgnetty.account.Accounts;
import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceTransfer;
import io.wgnetty.device.HandedOver;
import io.wgnetty.memory.PeerMemory;
import io.wgnetty.observe.DropSummary;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.radius.RadiusAccounting;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node on a real TUN interface. */
final class DeviceNode implements RunningNode {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceNode.class);

  /** A loop whose longest task takes a tenth of this has not answered: it never will. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Device device;
  private final EventFeed events;
  private final Supplier<@Nullable EventHook> hooks;
  private final @Nullable PeerMemory memory;
  private final AccountKeeper accounts;
  private final @Nullable RadiusAccounting radius;
  private final Runnable unwatch;
  private @Nullable EventHook hook;

  /**
   * A node that works.
   *
   * @param events what happens to it
   * @param hooks starts what is run for events, if anything is
   * @param memory what keeps its peers' traces, if anything does
   * @param accounts what keeps its peers' totals, if they are kept
   * @param radius what tells a RADIUS server of its peers, if anything does
   * @param unwatch ends what others do with it: show it, watch for snapshots of the machine
   */
  DeviceNode(
      Device device,
      EventFeed events,
      Supplier<@Nullable EventHook> hooks,
      @Nullable PeerMemory memory,
      AccountKeeper accounts,
      @Nullable RadiusAccounting radius,
      Runnable unwatch) {
    this.device = device;
    this.events = events;
    this.hooks = hooks;
    this.memory = memory;
    this.accounts = accounts;
    this.radius = radius;
    this.unwatch = unwatch;
  }

  /** From now on a command is run for events, if there is to be one. */
  synchronized void startHook() {
    hook = hooks.get();
  }

  /** From now on its peers' totals are kept, if they are to be. */
  void keepAccounts() {
    accounts.keep(device);
  }

  /**
   * From now on a RADIUS server is told of its peers, if one is to be.
   *
   * @param inherited whether another process did so until now
   */
  void startRadius(boolean inherited) {
    if (radius != null) {
      radius.begin(device, inherited);
    }
  }

  @Override
  public @Nullable Accounts accounts() {
    return accounts.accounts();
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public DeviceControl control() {
    return device;
  }

  @Override
  public DeviceTransfer transfer() {
    accounts.writeNow(); // the other process goes on from there
    if (radius != null) {
      radius.note();
    }
    return device.transfer();
  }

  @Override
  public boolean isAlive() {
    return device.isAlive(PATIENCE);
  }

  @Override
  public CompletionStage<Void> gone() {
    return device.gone();
  }

  @Override
  public EventFeed events() {
    return events;
  }

  /** Those of its peers that are connected were so before: of them no event tells. */
  @Override
  public void begun() {
    startHook();
    keepAccounts();
    startRadius(true);
    if (memory != null) {
      memory.keepAll(device);
    }
  }

  @Override
  public void left() {
    if (memory != null) {
      memory.close();
    }
    accounts.leave();
    if (radius != null) {
      radius.leave();
    }
  }

  @Override
  public void close() {
    unwatch.run();
    if (memory != null) {
      memory.close(device);
    }
    accounts.close();
    if (radius != null) {
      radius.close();
    }
    closeHook();
    events.close();
    try {
      device.close();
    } catch (RuntimeException e) {
      LOG.error("interface {} did not end in order", device.name(), e);
    }
    LOG.info("interface {} dropped {}", device.name(), DropSummary.of(device));
    HandedOver packets = device.handedOver();
    LOG.info(
        "interface {} handed over between event loops: {} packets out, {} in",
        device.name(),
        packets.outbound(),
        packets.inbound());
  }

  private synchronized void closeHook() {
    if (hook != null) {
      hook.close();
    }
  }
}
