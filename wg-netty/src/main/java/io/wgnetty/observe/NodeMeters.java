package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.pipeline.FaultCounter;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All meters of a process: its interfaces', the JVM's, and what build it is. */
final class NodeMeters implements AutoCloseable {
  /** What Prometheus takes since ever: the text format, whatever else it says it could read. */
  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  /** Several scrapers at the same time see the same reading. */
  private static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final Logger LOG = LoggerFactory.getLogger(NodeMeters.class);

  /**
   * One interface's part.
   *
   * @param peers {@code null} if peers have no series
   */
  private record Part(InterfaceMeters meters, @Nullable BusiestPeers peers) {}

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, Part> parts = new ConcurrentSkipListMap<>();
  private final Map<String, ReloadMeters> reloads = new ConcurrentSkipListMap<>();
  private final Map<String, DirectoryMeters> directories = new ConcurrentSkipListMap<>();
  private final Map<String, ClusterMeters> clusters = new ConcurrentSkipListMap<>();
  private final Map<String, HookMeters> hooks = new ConcurrentSkipListMap<>();
  private final Map<String, RadiusMeters> radius = new ConcurrentSkipListMap<>();
  private final OptionalInt peers;
  private final LongSupplier clockNs;
  private final JvmMeters jvm;
  private long readNs;
  private boolean everRead;
  private volatile double readingSeconds;

  NodeMeters(OptionalInt peers, BooleanSupplier ready) {
    this(peers, ready, System::nanoTime);
  }

  NodeMeters(OptionalInt peers, BooleanSupplier ready, LongSupplier clockNs) {
    this.peers = peers;
    this.clockNs = clockNs;
    this.jvm = new JvmMeters(registry);
    Gauge.builder("wgnetty_ready", () -> ready.getAsBoolean() ? 1 : 0)
        .description("1 when all interfaces are up and configured")
        .register(registry);
    Gauge.builder("wgnetty_reading_seconds", () -> readingSeconds)
        .description("How long it took to read the counters for this scrape")
        .register(registry);
    FunctionCounter.builder("wgnetty_faults", this, node -> FaultCounter.faults())
        .description("Defects of the program that ended the way of a batch of packets")
        .register(registry);
    FunctionCounter.builder("wgnetty_log_lines_dropped", this, node -> LogLevel.linesDropped())
        .description("Lines of the log that nobody read fast enough")
        .register(registry);
    PrometheusRegistry collectors = registry.getPrometheusRegistry();
    MetricSnapshot build = build();
    collectors.register(() -> build);
    collectors.register(
        new BatchSizes(
            () -> parts.values().stream().map(part -> part.meters().reading()).toList()));
    if (peers.isPresent()) {
      collectors.register(new PeerSeries(() -> parts.values().stream().map(Part::peers).toList()));
    }
  }

  /** Always 1; what counts are the labels. Not by Micrometer, which has no such meter. */
  private static MetricSnapshot build() {
    String version = NodeMeters.class.getPackage().getImplementationVersion();
    Labels labels =
        Labels.of(
            "version",
            version == null ? "development" : version,
            "java",
            Runtime.version().toString());
    return InfoSnapshot.builder()
        .name("wgnetty_build")
        .help("Which build runs on which Java")
        .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels).build())
        .build();
  }

  void add(String name, DeviceControl device) {
    remove(name);
    var reading = new InterfaceReading(name, device, clockNs.getAsLong());
    parts.put(
        name,
        new Part(
            new InterfaceMeters(registry, reading),
            peers.isPresent() ? new BusiestPeers(name, device, peers.getAsInt()) : null));
  }

  void remove(String name) {
    Part part = parts.remove(name);
    if (part != null) {
      part.meters().close();
    }
    ReloadMeters reload = reloads.remove(name);
    if (reload != null) {
      reload.close();
    }
    DirectoryMeters directory = directories.remove(name);
    if (directory != null) {
      directory.close();
    }
    ClusterMeters cluster = clusters.remove(name);
    if (cluster != null) {
      cluster.close();
    }
    HookMeters hook = hooks.remove(name);
    if (hook != null) {
      hook.close();
    }
    RadiusMeters accounting = radius.remove(name);
    if (accounting != null) {
      accounting.close();
    }
  }

  /** An interface's file was read, and applied as a whole or not. */
  void reloaded(String name, boolean applied) {
    reloads
        .computeIfAbsent(name, interfaceName -> new ReloadMeters(registry, interfaceName))
        .record(applied, System.currentTimeMillis() / 1e3);
  }

  /** An interface has a file, whose peers may have an end. */
  void expires(String name, LongSupplier expired) {
    reloads
        .computeIfAbsent(name, interfaceName -> new ReloadMeters(registry, interfaceName))
        .expires(expired);
  }

  /** An interface has a directory of peers. */
  void directory(String name, Supplier<DirectoryStatus> status) {
    DirectoryMeters before = directories.put(name, new DirectoryMeters(registry, name, status));
    if (before != null) {
      before.close();
    }
  }

  /** A command is run for an interface's events. */
  void hook(String name, Supplier<HookCounts> counts) {
    HookMeters before = hooks.put(name, new HookMeters(registry, name, counts));
    if (before != null) {
      before.close();
    }
  }

  /** A RADIUS server is told of an interface's peers. */
  void radius(String name, Supplier<RadiusCounts> counts) {
    RadiusMeters before = radius.put(name, new RadiusMeters(registry, name, counts));
    if (before != null) {
      before.close();
    }
  }

  /** An interface is a node of a cluster. */
  void cluster(String name, Supplier<ClusterStatus> status) {
    ClusterMeters before = clusters.put(name, new ClusterMeters(registry, name, status));
    if (before != null) {
      before.close();
    }
  }

  /** Reads all counters, unless that was just done, and writes them down. */
  synchronized Answer scrape() {
    refresh();
    return Answer.ok(FORMAT, registry.scrape(FORMAT));
  }

  /**
   * Returns when every event loop has answered. Keeps nothing: the next scrape reads for itself.
   */
  void askEverybody() {
    parts.values().forEach(part -> part.meters().reading().device().counters());
  }

  /** Reads all counters, unless that was just done. */
  private void refresh() {
    long nowNs = clockNs.getAsLong();
    if (everRead && nowNs - readNs < FRESH_NS) {
      return;
    }
    for (Part part : parts.values()) {
      try {
        part.meters().reading().refresh(clockNs.getAsLong());
        if (part.peers() != null) {
          part.peers().look();
        }
      } catch (RuntimeException e) {
        // It may just be closing; what was read before stays.
        LOG.debug("metrics: interface {} can not be read", part.meters().reading().name(), e);
      }
    }
    everRead = true;
    readNs = clockNs.getAsLong();
    readingSeconds = (readNs - nowNs) / 1e9;
  }

  @Override
  public void close() {
    parts.keySet().forEach(this::remove);
    jvm.close();
    registry.close();
  }
}
