package io.wgnetty.node;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.device.SessionNews;
import io.wgnetty.device.WallClock;
import io.wgnetty.memory.PeerMemory;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.observe.MetricsAddress;
import io.wgnetty.observe.NodeEvents;
import io.wgnetty.observe.Observatory;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import io.wgnetty.setup.SystemCommands;
import io.wgnetty.setup.TunnelLink;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs nodes on real TUN interfaces, which the process's one observatory shows. */
public final class DeviceStarter implements NodeStarter {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceStarter.class);

  /** System property: another age at which sessions are renewed. For bin/soak. */
  private static final String REKEY_SECONDS = "wgnetty.rekeySeconds";

  /** What is left of Ethernet's 1500 bytes under the largest outer headers (protocol 1.3). */
  private static final int DEFAULT_MTU = 1420;

  private final List<Path> stateFolders;
  private @Nullable Observatory observatory;
  private @Nullable SnapshotWatch snapshots;

  /** {@code stateFolders} are where what outlives a run may be written. */
  public DeviceStarter(List<Path> stateFolders) {
    this.stateFolders = List.copyOf(stateFolders);
  }

  @Override
  public synchronized RunningNode start(String name, @Nullable Integer tunFd, NodeOptions options)
      throws IOException {
    Observatory watching = observatory(options);
    TunOffloads offloads = Offload.tun(options.without());
    TunDevice tun =
        tunFd == null ? TunDevice.open(name, offloads) : TunDevice.adopt(tunFd, offloads);
    try {
      if (tunFd == null) {
        tun.setMtu(DEFAULT_MTU);
      }
      TunnelLink.prepare(tun.name());
      PeerMemory memory =
          options.memory() ? PeerMemory.of(tun.name(), stateFolders, WallClock::epochNs) : null;
      DeviceOptions chosen = deviceOptions(tun, options);
      var events = new EventFeed(tun.name(), chosen.labels());
      Device device = Device.open(withMemory(withEvents(chosen, options, events), memory));
      events.watch(device::traffic);
      if (memory != null) {
        memory.keep(device);
      }
      if (watching != null) {
        watching.add(device);
      }
      if (snapshots == null) {
        snapshots = SnapshotWatch.start();
      }
      EventHook hook = hook(tun.name(), options, events);
      return DeviceNode.watched(device, events, hook, watching, snapshots, memory);
    } catch (IOException | RuntimeException e) {
      tun.close();
      throw e;
    }
  }

  private @Nullable Observatory observatory(NodeOptions options) throws IOException {
    if (observatory == null && options.metrics() != null) {
      int peers = options.metricsPeers();
      observatory =
          Observatory.open(
              MetricsAddress.parse(options.metrics()),
              peers == 0 ? OptionalInt.empty() : OptionalInt.of(peers));
    }
    return observatory;
  }

  private @Nullable EventHook hook(String name, NodeOptions options, EventFeed events) {
    if (options.onEvent() == null) {
      return null;
    }
    var hook =
        EventHook.start(name, options.onEvent(), events, new SystemCommands(System.getenv()));
    if (observatory != null) {
      observatory.hook(name, hook::counts);
    }
    return hook;
  }

  @Override
  public synchronized void allAreReady(boolean ready) {
    if (observatory != null) {
      observatory.setReady(ready);
    }
  }

  @Override
  public synchronized void reloaded(String name, boolean applied) {
    if (observatory != null) {
      observatory.reloaded(name, applied);
    }
  }

  @Override
  public synchronized void hasDirectory(String name, Supplier<DirectoryStatus> status) {
    if (observatory != null) {
      observatory.directory(name, status);
    }
  }

  @Override
  public synchronized void hasCluster(String name, Supplier<ClusterStatus> status) {
    if (observatory != null) {
      observatory.cluster(name, status);
    }
  }

  private static DeviceOptions withMemory(DeviceOptions chosen, @Nullable PeerMemory memory) {
    return memory == null
        ? chosen
        : chosen.withEvents(new NodeEvents(memory, chosen.events())).withFormer(memory);
  }

  private static DeviceOptions deviceOptions(TunDevice tun, NodeOptions options) {
    DeviceOptions chosen = DeviceOptions.of(tun).withUdp(Offload.udp(options.without()));
    Integer rekeySeconds = Integer.getInteger(REKEY_SECONDS);
    if (rekeySeconds != null && rekeySeconds > 0) {
      LOG.warn("sessions are renewed after {} s: for endurance tests only", rekeySeconds);
      chosen = chosen.withTimings(Timings.renewingAfter(rekeySeconds));
    }
    if (options.loops() != null) {
      chosen = chosen.withLoops(options.loops());
    }
    chosen = chosen.withHelp(options.help());
    return options.aead() == null ? chosen : chosen.withAead(AeadProviders.only(options.aead()));
  }

  private static DeviceOptions withEvents(
      DeviceOptions chosen, NodeOptions options, EventFeed feed) {
    ShardEvents events = NodeEvents.of(chosen.tun().name(), chosen.labels(), feed);
    if (!options.cluster().isCluster()) {
      return chosen.withEvents(events);
    }
    Integer number = options.cluster().number();
    var news = new SessionNews(number == null ? ShardPlace.NO_NODE : number);
    return chosen.withEvents(new NodeEvents(news, events)).withNews(news);
  }
}
