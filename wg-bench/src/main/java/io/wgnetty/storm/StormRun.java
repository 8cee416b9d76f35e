package io.wgnetty.storm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run from the first key to the table. */
final class StormRun {
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORT_WAIT_MS = 100;

  /** How long newcomers that called have time to come in, once the load itself is over. */
  private static final long DRAIN_NS = 12 * SECOND_NS;

  private final StormOptions options;
  private final @Nullable ServerProcess server;
  private final ServerProcess ourselves = ServerProcess.of(ProcessHandle.current().pid());

  StormRun(StormOptions options) {
    this.options = options;
    server = options.serverPid == null ? null : ServerProcess.of(options.serverPid);
  }

  /** Whether the server did what it has to, however slowly. */
  boolean run() throws IOException, InterruptedException {
    try (Scene scene = new Scene(options)) {
      Load load = load(scene);
      Newcomers newcomers =
          new Newcomers(scene, options.crowd(), options.newcomerCount(), options.newcomers);
      configure(scene, load, newcomers);
      if (options.tcpCommand == null || options.noTcp) {
        return measure(scene, load, newcomers, null, 0);
      }
      try (TcpStream tcp = TcpStream.start(options.tcpCommand)) {
        say("TCP alone for " + (options.tcpWarmUpS + options.tcpBeforeS) + " s ...");
        Thread.sleep(TimeUnit.SECONDS.toMillis(options.tcpWarmUpS));
        long beforeNs = System.nanoTime();
        Thread.sleep(TimeUnit.SECONDS.toMillis(options.tcpBeforeS));
        if (!tcp.isAlive()) {
          throw new IOException("the TCP stream ended: " + options.tcpCommand);
        }
        return measure(scene, load, newcomers, tcp, beforeNs);
      }
    }
  }

  private Load load(Scene scene) {
    return switch (options.load) {
      case RESTART -> new RestartLoad(scene, options);
      case STEADY -> new SteadyLoad(scene, options);
      case FLOOD -> new FloodLoad(scene, options);
      case SCAN -> new ScanLoad(scene, options);
      case GOODPUT -> new GoodputLoad(scene, options);
    };
  }

  private void configure(Scene scene, Load load, Newcomers newcomers)
      throws IOException, InterruptedException {
    say("preparing, with X25519 of " + scene.crypto().x25519().name() + " ...");
    Path file = options.configuration == null ? Path.of("storm.conf") : options.configuration;
    int peers;
    try (ServerConfiguration configuration =
        new ServerConfiguration(file, scene.serverKey(), options.serverPort)) {
      load.prepare(configuration);
      newcomers.prepare(configuration);
      peers = configuration.peers();
    }
    say(String.format(Locale.ROOT, "configuring the server with %,d peers ...", peers));
    Process process = new ProcessBuilder("bash", "-c", options.configure).inheritIO().start();
    int status = process.waitFor();
    Files.deleteIfExists(file); // it holds a private key
    if (status != 0) {
      throw new IOException("the server could not be configured: status " + status);
    }
  }

  private boolean measure(
      Scene scene, Load load, Newcomers newcomers, @Nullable TcpStream tcp, long tcpBeforeNs)
      throws IOException, InterruptedException {
    NodeCounters countersBefore = nodeCounters(scene);
    long lostBefore = lost();
    if (server != null) {
      server.forgetPeak();
    }
    double ownCpuBefore = ourselves.cpuSeconds();
    double cpuBefore = serverCpuSeconds();
    long startNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHORT_WAIT_MS);
    load.begin(startNs);
    newcomers.begin(startNs);
    Thread loop = Thread.ofPlatform().name("clients").start(scene.loop());

    long overNs = watch(scene, load, newcomers, tcp, startNs);
    double cpu = serverCpuSeconds() - cpuBefore;
    double ownCpu = ourselves.cpuSeconds() - ownCpuBefore;
    NodeCounters countersAfter = nodeCounters(scene);
    long lost = lost() - lostBefore;
    newcomers.close();
    long drainedNs = System.nanoTime();
    while (!newcomers.isQuiet() && System.nanoTime() - drainedNs < DRAIN_NS) {
      Thread.sleep(SHORT_WAIT_MS);
    }
    scene.loop().stop();
    loop.join();
    load.end();

    Figures figures = new Figures();
    figures.text("load", "load", options.load.toString());
    figures.text("against", "against", options.against);
    Balance balance = new Balance(startNs, overNs, cpu, tcp != null);
    boolean well = load.report(figures, balance);
    if (options.newcomers > 0) {
      well &= newcomers.report(figures);
    }
    reportTcp(figures, tcp, tcpBeforeNs, startNs, overNs);
    figures.number("seconds", "took", OptionalDouble.of(balance.seconds()), "s");
    reportServer(figures, balance);
    figures.count("lost_at_socket", "lost at the server's socket", lost);
    figures.counts("drops", "drops of the server", countersAfter.dropsSince(countersBefore));
    figures.number("generator_cpu_s", "CPU of the generator", OptionalDouble.of(ownCpu), "s");
    figures.count("sent", "datagrams of clients sent", scene.sent());
    figures.count("received", "datagrams of clients received", scene.received());
    figures.count("refused", "of them refused by the system", scene.refused());
    finish(figures);
    return well;
  }

  private long watch(
      Scene scene, Load load, Newcomers newcomers, @Nullable TcpStream tcp, long startNs)
      throws IOException, InterruptedException {
    long nextNs = startNs + SECOND_NS;
    double cpuBefore = serverCpuSeconds();
    while (true) {
      long nowNs = System.nanoTime();
      Throwable failure = scene.loop().failure();
      if (failure != null) {
        throw new IllegalStateException("the clients ended", failure);
      }
      if (load.isOver(nowNs)) {
        return nowNs;
      }
      if (nowNs - nextNs >= 0) {
        double cpu = serverCpuSeconds();
        say(
            String.format(
                Locale.ROOT,
                "%4d s: %s; %s%s; server %.2f cores",
                (nowNs - startNs) / SECOND_NS,
                load.progress(),
                newcomers.progress(),
                tcp == null
                    ? ""
                    : String.format(Locale.ROOT, "; TCP %,.0f Mbit/s", tcp.latestMbits().orElse(0)),
                cpu - cpuBefore));
        cpuBefore = cpu;
        nextNs += SECOND_NS;
      }
      Thread.sleep(SHORT_WAIT_MS / 10);
    }
  }

  private void reportTcp(
      Figures figures, @Nullable TcpStream tcp, long beforeNs, long startNs, long overNs) {
    if (tcp == null) {
      return;
    }
    OptionalDouble before = tcp.meanMbits(beforeNs + SECOND_NS, startNs);
    OptionalDouble beside = tcp.meanMbits(startNs + SECOND_NS, overNs);
    figures.number("tcp_before_mbits", "TCP before", before, "Mbit/s");
    figures.number("tcp_beside_mbits", "TCP beside", beside, "Mbit/s");
    figures.number(
        "tcp_ratio",
        "ratio",
        before.isPresent() && beside.isPresent()
            ? OptionalDouble.of(beside.getAsDouble() / before.getAsDouble())
            : OptionalDouble.empty(),
        "");
  }

  private void reportServer(Figures figures, Balance balance) throws IOException {
    if (server == null) {
      return;
    }
    figures.number(
        "server_cpu_s", "CPU of the server", OptionalDouble.of(balance.serverCpuS()), "s");
    figures.number(
        "server_cores",
        "cores of the server",
        OptionalDouble.of(balance.serverCpuS() / balance.seconds()),
        "");
    figures.number(
        "server_peak_mib",
        "memory of the server, peak",
        OptionalDouble.of(server.peakKib().orElse(0) / 1024.0),
        "MiB");
  }

  private void finish(Figures figures) throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).trim();
    figures.text("load_average", "load average at the end", load);
    System.out.println("\n" + figures.table());
    if (options.results != null) {
      Files.writeString(
          options.results,
          figures.json() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private NodeCounters nodeCounters(Scene scene) {
    return options.controlSocket == null
        ? NodeCounters.NONE
        : NodeCounters.ask(
            options.controlSocket,
            scene.keys().key("client", 0).publicKey(scene.crypto().x25519()).toHex());
  }

  private double serverCpuSeconds() throws IOException {
    return server == null ? Double.NaN : server.cpuSeconds();
  }

  private long lost() throws IOException {
    return server == null ? 0 : server.lostAtSocket(options.serverPort);
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
