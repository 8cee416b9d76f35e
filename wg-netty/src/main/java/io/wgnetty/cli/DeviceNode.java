package io.wgnetty.cli;

import io.wgnetty.crypto.AeadProviders;
import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.device.HandedOver;
import io.wgnetty.observe.DropSummary;
import io.wgnetty.observe.NodeEvents;
import io.wgnetty.peer.Timings;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node on a real TUN interface. */
record DeviceNode(Device device) implements RunningNode {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceNode.class);

  /** System property: another age at which sessions are renewed. For bin/soak. */
  private static final String REKEY_SECONDS = "wgnetty.rekeySeconds";

  /** What is left of Ethernet's 1500 bytes under the largest outer headers (protocol 1.3). */
  private static final int DEFAULT_MTU = 1420;

  /** Creates the interface, or takes over the one behind {@code tunFd}, and runs a node on it. */
  static RunningNode start(String name, @Nullable Integer tunFd, NodeOptions options)
      throws IOException {
    TunOffloads offloads = Offload.tun(options.without());
    TunDevice tun =
        tunFd == null ? TunDevice.open(name, offloads) : TunDevice.adopt(tunFd, offloads);
    try {
      if (tunFd == null) {
        tun.setMtu(DEFAULT_MTU);
      }
      return new DeviceNode(Device.open(deviceOptions(tun, options)));
    } catch (IOException | RuntimeException e) {
      tun.close();
      throw e;
    }
  }

  private static DeviceOptions deviceOptions(TunDevice tun, NodeOptions options) {
    DeviceOptions chosen = DeviceOptions.of(tun).withUdp(Offload.udp(options.without()));
    chosen = chosen.withEvents(NodeEvents.of(tun.name(), chosen.labels()));
    Integer rekeySeconds = Integer.getInteger(REKEY_SECONDS);
    if (rekeySeconds != null && rekeySeconds > 0) {
      LOG.warn("sessions are renewed after {} s: for endurance tests only", rekeySeconds);
      chosen = chosen.withTimings(Timings.renewingAfter(rekeySeconds));
    }
    if (options.loops() != null) {
      chosen = chosen.withLoops(options.loops());
    }
    return options.aead() == null ? chosen : chosen.withAead(AeadProviders.named(options.aead()));
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
  public CompletionStage<Void> gone() {
    return device.gone();
  }

  @Override
  public void close() {
    LOG.info("interface {} dropped {}", device.name(), DropSummary.of(device));
    HandedOver packets = device.handedOver();
    LOG.info(
        "interface {} handed over between event loops: {} packets out, {} in",
        device.name(),
        packets.outbound(),
        packets.inbound());
    device.close();
  }
}
