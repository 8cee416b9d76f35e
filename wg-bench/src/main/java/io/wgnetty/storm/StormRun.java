package io.wgnetty.storm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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

  StormRun(StormOptions options) {
    this.options = options;
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
      case CRASH -> new CrashLoad(scene, options);
    };
  }

  private void configure(Scene scene, Load load, Newcomers newcomers)
      throws IOException, InterruptedException {
    say("preparing, with X25519 of " + scene.crypto().x25519().name() + " ...");
    try (ServerConfiguration configuration = scene.configuration(options)) {
      load.prepare(configuration);
      newcomers.prepare(configuration);
      say(
          String.format(
              Locale.ROOT, "configuring the server with %,d peers ...", configuration.peers()));
      int status = configuration.apply(options.configure);
      if (status != 0) {
        throw new IOException("the server could not be configured: status " + status);
      }
    }
  }

  private boolean measure(
      Scene scene, Load load, Newcomers newcomers, @Nullable TcpStream tcp, long tcpBeforeNs)
      throws IOException, InterruptedException {
    Meters meters = new Meters(options, scene.anyPeer().toHex());
    Meters.Reading before = meters.begin();
    long startNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHORT_WAIT_MS);
    load.begin(startNs);
    newcomers.begin(startNs);
    Thread loop = Thread.ofPlatform().name("clients").start(scene.loop());

    long overNs = watch(scene, load, newcomers, tcp, meters, startNs);
    Meters.Reading after = meters.read();
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
    Balance balance =
        new Balance(startNs, overNs, after.serverCpuS() - before.serverCpuS(), tcp != null);
    boolean well = load.report(figures, balance);
    if (options.newcomers > 0) {
      well &= newcomers.report(figures);
    }
    reportTcp(figures, tcp, tcpBeforeNs, balance);
    figures.number("seconds", "took", OptionalDouble.of(balance.seconds()), "s");
    meters.report(figures, before, after, balance.seconds());
    figures.count("sent", "datagrams of clients sent", scene.sent());
    figures.count("received", "datagrams of clients received", scene.received());
    figures.count("refused", "of them refused by the system", scene.refused());
    figures.text("revision", "revision of the generator", options.revision);
    figures.text("date", "date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    System.out.println("\n" + figures.table());
    keep(figures);
    return well;
  }

  private long watch(
      Scene scene,
      Load load,
      Newcomers newcomers,
      @Nullable TcpStream tcp,
      Meters meters,
      long startNs)
      throws IOException, InterruptedException {
    long nextNs = startNs + SECOND_NS;
    double cpuBefore = meters.serverCpuSeconds();
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
        double cpu = meters.serverCpuSeconds();
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

  private static void reportTcp(
      Figures figures, @Nullable TcpStream tcp, long beforeNs, Balance balance) {
    if (tcp == null) {
      return;
    }
    // A sample belongs to the second that it ends.
    OptionalDouble before = tcp.meanMbits(beforeNs + SECOND_NS, balance.startNs());
    OptionalDouble beside = tcp.meanMbits(balance.startNs() + SECOND_NS, balance.endNs());
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

  private void keep(Figures figures) throws IOException {
    if (options.results != null) {
      Files.writeString(
          options.results,
          figures.json() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
