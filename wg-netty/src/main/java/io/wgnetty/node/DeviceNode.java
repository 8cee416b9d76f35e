package io.wgnetty.node;

import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.HandedOver;
import io.wgnetty.memory.PeerMemory;
import io.wgnetty.observe.DropSummary;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.observe.Observatory;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node on a real TUN interface.
 *
 * @param events what happens to it
 * @param hook what is run for events, if anything is
 * @param observatory what shows it, if anything does
 * @param memory what keeps its peers' traces, if anything does
 * @param unwatch ends the watch for snapshots of the machine
 */
record DeviceNode(
    Device device,
    EventFeed events,
    @Nullable EventHook hook,
    @Nullable Observatory observatory,
    @Nullable PeerMemory memory,
    Runnable unwatch)
    implements RunningNode {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceNode.class);

  /** A loop whose longest task takes a tenth of this has not answered: it never will. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A node that begins its sessions afresh when the machine goes on from a snapshot. */
  static DeviceNode watched(
      Device device,
      EventFeed events,
      @Nullable EventHook hook,
      @Nullable Observatory observatory,
      SnapshotWatch snapshots,
      @Nullable PeerMemory memory) {
    Runnable action = device::forgetSessions;
    snapshots.add(action);
    return new DeviceNode(
        device, events, hook, observatory, memory, () -> snapshots.remove(action));
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
  public boolean isAlive() {
    return device.isAlive(PATIENCE);
  }

  @Override
  public CompletionStage<Void> gone() {
    return device.gone();
  }

  @Override
  public void close() {
    if (observatory != null) {
      observatory.remove(device);
    }
    unwatch.run();
    if (memory != null) {
      memory.close(device);
    }
    if (hook != null) {
      hook.close();
    }
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
}
