package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.Limits;
import io.wgnetty.device.PeerChange;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.netlink.Route;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Peers beside those of the file, as they are at a running interface. */
final class BesidePeers implements PeersBeside {
  private static final Logger LOG = LoggerFactory.getLogger(BesidePeers.class);

  private final InterfaceParts parts;
  private final FileMemory memory;
  private final Object lock;
  private final EndpointNames names;
  private final Set<PublicKey> owned = ConcurrentHashMap.newKeySet();
  private volatile Runnable fileListener = () -> {};
  private volatile Consumer<List<PublicKey>> changeListener = keys -> {};
  private @Nullable NameWatch nameWatch;
  private boolean closed;

  /**
   * No peers yet.
   *
   * @param lock held by whoever changes the interface as a whole
   */
  BesidePeers(InterfaceParts parts, FileMemory memory, Object lock) {
    this.parts = parts;
    this.memory = memory;
    this.lock = lock;
    this.names =
        new EndpointNames(
            parts.name(),
            parts.device(),
            parts.resolver(),
            parts.resolver().threads(),
            System::nanoTime,
            new SplittableRandom());
  }

  @Override
  public String interfaceName() {
    return parts.name();
  }

  @Override
  public DeviceControl device() {
    return parts.device();
  }

  @Override
  public void onFileChange(Runnable listener) {
    fileListener = listener;
  }

  @Override
  public void onChange(Consumer<List<PublicKey>> listener) {
    changeListener = listener;
  }

  @Override
  public AnnouncedRoutes announce(int table) {
    RouteTable others = memory.settings().table();
    boolean inUse =
        switch (others.kind()) {
          case OFF -> false;
          case AUTO -> table == Route.MAIN_TABLE;
          case NUMBERED -> table == others.number();
        };
    if (inUse) {
      throw new IllegalArgumentException(
          "routes cannot be announced in a table that has those of all peers: Table = off in the"
              + " file, or another table");
    }
    return parts.routes().announced(table);
  }

  @Override
  public FileClaims file() {
    synchronized (lock) {
      return memory.claims(parts.device().settings().privateKey());
    }
  }

  @Override
  public void apply(List<BesideChange> changes) {
    synchronized (lock) {
      if (closed) {
        return;
      }
      List<BesideChange> meant =
          changes.stream().filter(change -> !memory.has(change.key())).toList();
      changes.forEach(change -> owned.remove(change.key()));
      meant.stream().filter(change -> change.after() != null).forEach(this::own);
      for (int i = 0; i < meant.size(); i += RunningPeers.PER_CALL) {
        List<BesideChange> part =
            meant.subList(i, Math.min(meant.size(), i + RunningPeers.PER_CALL));
        parts.device().apply(part.stream().map(this::change).toList());
      }
      meant.forEach(this::label);
      limit(meant);
      names.configure(meant);
      watchNames();
      changeRoutes(meant);
      changeListener.accept(meant.stream().map(BesideChange::key).toList());
    }
  }

  private void own(BesideChange change) {
    owned.add(change.key());
  }

  private PeerChange change(BesideChange change) {
    PeerSettings after = change.after();
    if (after == null) {
      return new PeerChange(change.key(), true, true, null, null, null, false, List.of());
    }
    PeerSettings before = parts.device().hasPeer(change.key()) ? change.before() : null;
    boolean sameKey = before != null && before.presharedKey().sameAs(after.presharedKey());
    EndpointName name = after.endpoint();
    // One that roams stays where it is, unless its record says something new.
    boolean sameEndpoint = before != null && Objects.equals(before.endpoint(), name);
    Endpoint endpoint = sameEndpoint || name == null ? null : EndpointResolver.number(name);
    boolean sameAllowedIps = before != null && before.allowedIps().equals(after.allowedIps());
    return new PeerChange(
        change.key(),
        false,
        false,
        sameKey ? null : after.presharedKey().copy(),
        endpoint,
        after.keepaliveSeconds(),
        !sameAllowedIps,
        sameAllowedIps ? List.of() : WireGuardSettings.additions(after.allowedIps()));
  }

  private void label(BesideChange change) {
    PeerSettings after = change.after();
    if (after != null) {
      parts.device().setLabel(change.key(), after.label());
    }
  }

  /** All at once: each setting visits the loops. */
  private void limit(List<BesideChange> changes) {
    Limits limits = parts.device().limits();
    Map<PublicKey, PeerLimit> changed = new HashMap<>();
    for (BesideChange change : changes) {
      PeerSettings after = change.after();
      if (after != null && !after.limit().equals(limits.of(change.key()))) {
        changed.put(change.key(), after.limit());
      }
    }
    limits.set(changed);
  }

  private void watchNames() {
    if (nameWatch == null && !names.isEmpty()) {
      nameWatch = NameWatch.start(parts.name() + "-beside", names::tend);
    }
  }

  /** As for peers of the file, but that no record makes a default route of the machine's. */
  private void changeRoutes(List<BesideChange> changes) {
    RouteTable table = memory.settings().table();
    if (table.kind() == RouteTable.Kind.OFF) {
      return;
    }
    Set<IpPrefix> before = new HashSet<>();
    Set<IpPrefix> after = new HashSet<>();
    for (BesideChange change : changes) {
      prefixes(change.before(), before);
      prefixes(change.after(), after);
    }
    before.removeAll(after);
    if (!before.isEmpty()) {
      before.removeAll(memory.claims(null).prefixes());
    }
    List<String> failures = new ArrayList<>();
    parts.routes().beside(routes(after, table), routes(before, table), failures::add);
    if (!failures.isEmpty()) {
      LOG.warn(
          "interface {}, peers beside the file: {}{}",
          parts.name(),
          failures.getFirst(),
          failures.size() == 1 ? "" : ", and " + (failures.size() - 1) + " routes more");
    }
  }

  private static void prefixes(@Nullable PeerSettings peer, Set<IpPrefix> all) {
    if (peer != null) {
      peer.allowedIps().stream().filter(prefix -> prefix.length() > 0).forEach(all::add);
    }
  }

  private List<Route> routes(Set<IpPrefix> prefixes, RouteTable table) {
    int number = table.kind() == RouteTable.Kind.AUTO ? Route.MAIN_TABLE : table.number();
    List<Route> routes = new ArrayList<>();
    for (IpPrefix prefix : prefixes) {
      routes.add(new Route(prefix, parts.link().index(), number));
    }
    return parts.ipv6().possible(new RoutePlan(routes, false, false)).routes();
  }

  /** Whether this peer is one of them. Any thread. */
  boolean has(PublicKey key) {
    return owned.contains(key);
  }

  int size() {
    return owned.size();
  }

  /** The file was read again, and may have come to name some of them. */
  void fileChanged() {
    owned.removeIf(memory::has);
    fileListener.run();
  }

  /** Nothing is changed from now on. */
  void close() {
    closed = true;
    if (nameWatch != null) {
      nameWatch.close();
    }
  }
}
