package io.wgnetty.node;

import io.wgnetty.account.AccountKeeper;
import io.wgnetty.account.Accounts;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceInheritance;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.device.SessionNews;
import io.wgnetty.device.WallClock;
import io.wgnetty.handover.Taker;
import io.wgnetty.memory.PeerMemory;
import io.wgnetty.observe.EventFeed;
import io.wgnetty.observe.MetricsAddress;
import io.wgnetty.observe.NodeEvents;
import io.wgnetty.observe.Observatory;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.radius.RadiusAccounting;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import io.wgnetty.setup.SystemCommands;
import io.wgnetty.setup.TunnelLink;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunOffloads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
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

  /** How long a process that has left may take to end. */
  private static final int MAX_METRICS_TRIES = 100;

  private static final Duration METRICS_PAUSE = Duration.ofMillis(100);

  private final List<Device> inherited = new ArrayList<>();

  /** By interface and by what it is: what an observatory shows, one that comes later, too. */
  private final Map<String, Map<String, Consumer<Observatory>>> shown = new HashMap<>();

  private @Nullable NodeOptions inheritedOptions;

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
    openObservatory(options);
    TunOffloads offloads = Offload.tun(options.without());
    TunDevice tun =
        tunFd == null ? TunDevice.open(name, offloads) : TunDevice.adopt(tunFd, offloads);
    try {
      if (tunFd == null) {
        tun.setMtu(DEFAULT_MTU);
      }
      TunnelLink.prepare(tun.name());
      PeerMemory memory = memory(tun, options);
      AccountKeeper accounts = accounts(tun, options, false);
      RadiusAccounting accounting = radius(tun, options);
      DeviceOptions chosen = deviceOptions(tun, options);
      var events = new EventFeed(tun.name(), chosen.labels());
      chosen = withAccounts(withMemory(withEvents(chosen, options, events), memory), accounts);
      chosen = withRadius(chosen, accounting);
      Device device = Device.open(chosen);
      if (memory != null) {
        memory.keep(device);
      }
      DeviceNode node = node(device, events, memory, accounts, accounting, options);
      node.keepAccounts();
      node.startHook();
      node.startRadius(false);
      return node;
    } catch (IOException | RuntimeException e) {
      tun.close();
      throw e;
    }
  }

  private @Nullable PeerMemory memory(TunDevice tun, NodeOptions options) {
    return options.memory() ? PeerMemory.of(tun.name(), stateFolders, WallClock::epochNs) : null;
  }

  /** A node that begins its sessions afresh when the machine goes on from a snapshot. */
  private DeviceNode node(
      Device device,
      EventFeed events,
      @Nullable PeerMemory memory,
      AccountKeeper accounts,
      @Nullable RadiusAccounting accounting,
      NodeOptions options) {
    show(device.name(), "interface", observed -> observed.add(device));
    Accounts kept = accounts.accounts();
    if (kept != null) {
      show(
          device.name(),
          "totals",
          observed -> observed.totals(device.name(), kept::totals, kept::generation));
    }
    if (accounting != null) {
      show(device.name(), "radius", observed -> observed.radius(device.name(), accounting::counts));
    }
    events.watch(device::traffic);
    SnapshotWatch watch = snapshots;
    if (watch == null) {
      watch = SnapshotWatch.start();
      snapshots = watch;
    }
    SnapshotWatch watching = watch;
    Runnable action = device::forgetSessions;
    watching.add(action);
    return new DeviceNode(
        device,
        events,
        () -> hook(device.name(), options, events),
        memory,
        accounts,
        accounting,
        () -> {
          watching.remove(action);
          unshow(device);
        });
  }

  private synchronized void show(String name, String what, Consumer<Observatory> part) {
    shown.computeIfAbsent(name, key -> new LinkedHashMap<>()).put(what, part);
    if (observatory != null) {
      part.accept(observatory);
    }
  }

  private synchronized void unshow(Device device) {
    inherited.remove(device);
    shown.remove(device.name());
    if (observatory != null) {
      observatory.remove(device);
    }
  }

  @Override
  public synchronized RunningNode takeOver(Taker.Heirloom heirloom, NodeOptions options)
      throws IOException {
    DeviceInheritance legacy =
        DeviceInheritance.read(
            heirloom.device(), heirloom.descriptors(), Offload.tun(options.without()));
    int loops = legacy.queues().size();
    if (options.loops() != null && options.loops() != loops) {
      throw new IOException(
          "the other process has %d event loops, and --loops says %d: the number stays as long as"
                  .formatted(loops, options.loops())
              + " an interface lives");
    }
    TunDevice tun = legacy.queues().getFirst();
    PeerMemory memory = memory(tun, options);
    DeviceOptions chosen = deviceOptions(tun, options).withLoops(loops);
    var events = new EventFeed(tun.name(), chosen.labels());
    AccountKeeper accounts = accounts(tun, options, true);
    RadiusAccounting accounting = radius(tun, options);
    Device device =
        legacy.open(
            withRadius(
                withAccounts(withMemory(withEvents(chosen, options, events), memory), accounts),
                accounting));
    inherited.add(device);
    inheritedOptions = options;
    return node(device, events, memory, accounts, accounting, options);
  }

  /** The address of the metrics is the other process's until that has ended. */
  private void showInherited() {
    NodeOptions options = inheritedOptions;
    if (options == null || options.metrics() == null) {
      return;
    }
    for (int tries = 0; tries < MAX_METRICS_TRIES && !isShown(options); tries++) {
      try {
        Thread.sleep(METRICS_PAUSE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized boolean isShown(NodeOptions options) {
    try {
      Observatory opened = openObservatory(options);
      if (opened != null) {
        shown.values().forEach(parts -> parts.values().forEach(part -> part.accept(opened)));
        opened.setReady(true);
      }
      return true;
    } catch (IOException e) {
      LOG.debug("no metrics yet", e);
      return false;
    }
  }

  @Override
  public synchronized void left() {
    if (observatory != null) {
      observatory.close();
    }
  }

  private @Nullable Observatory openObservatory(NodeOptions options) throws IOException {
    if (observatory == null && options.metrics() != null) {
      int peers = options.metricsPeers();
      observatory =
          Observatory.open(
              MetricsAddress.parse(options.metrics()),
              peers == 0 ? OptionalInt.empty() : OptionalInt.of(peers));
    }
    return observatory;
  }

  private synchronized @Nullable EventHook hook(
      String name, NodeOptions options, EventFeed events) {
    if (options.onEvent() == null) {
      return null;
    }
    var hook =
        EventHook.start(name, options.onEvent(), events, new SystemCommands(System.getenv()));
    show(name, "hook", observed -> observed.hook(name, hook::counts));
    return hook;
  }

  @Override
  public synchronized void allAreReady(boolean ready) {
    if (observatory != null) {
      observatory.setReady(ready);
    } else if (ready && !inherited.isEmpty()) {
      Thread.ofPlatform().daemon().name("metrics-start").start(this::showInherited);
    }
  }

  @Override
  public synchronized void reloaded(String name, boolean applied) {
    show(name, "reload", observed -> observed.reloaded(name, applied));
  }

  @Override
  public synchronized void expires(String name, LongSupplier expired) {
    show(name, "ends", observed -> observed.expires(name, expired));
  }

  @Override
  public synchronized void hasDirectory(String name, Supplier<DirectoryStatus> status) {
    show(name, "directory", observed -> observed.directory(name, status));
  }

  @Override
  public synchronized void hasCluster(String name, Supplier<ClusterStatus> status) {
    show(name, "cluster", observed -> observed.cluster(name, status));
  }

  private static DeviceOptions withMemory(DeviceOptions chosen, @Nullable PeerMemory memory) {
    return memory == null
        ? chosen
        : chosen.withEvents(new NodeEvents(memory, chosen.events())).withFormer(memory);
  }

  private AccountKeeper accounts(TunDevice tun, NodeOptions options, boolean inherited)
      throws IOException {
    var accounts = new AccountKeeper(tun.name(), stateFolders);
    if (options.account()) {
      accounts.open(inherited);
    }
    return accounts;
  }

  private static DeviceOptions withAccounts(DeviceOptions chosen, AccountKeeper accounts) {
    return chosen.withEvents(new NodeEvents(accounts, chosen.events()));
  }

  private static @Nullable RadiusAccounting radius(TunDevice tun, NodeOptions options)
      throws IOException {
    return options.radius() == null ? null : RadiusAccounting.open(tun.name(), options.radius());
  }

  private static DeviceOptions withRadius(
      DeviceOptions chosen, @Nullable RadiusAccounting accounting) {
    return accounting == null
        ? chosen
        : chosen.withEvents(new NodeEvents(accounting, chosen.events()));
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
