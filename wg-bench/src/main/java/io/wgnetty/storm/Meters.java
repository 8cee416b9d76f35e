package io.wgnetty.storm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is read from outside before a load and after it: of the server, of us, of the machine. */
final class Meters {
  private static final double MIB = 1024;

  /**
   * One reading.
   *
   * @param serverCpuS processor time of the server; NaN if it is no process
   * @param ownCpuS of the generator
   * @param allCpuS of everything on the machine
   * @param lost datagrams that found the server's socket full
   */
  record Reading(
      double serverCpuS, double ownCpuS, double allCpuS, long lost, NodeCounters counters) {}

  private final @Nullable ServerProcess server;
  private final ServerProcess ourselves = ServerProcess.of(ProcessHandle.current().pid());
  private final int serverPort;
  private final @Nullable Path controlSocket;
  private final String anyPeerHex;

  /**
   * Meters of a run.
   *
   * @param anyPeerHex a peer of the server
   */
  Meters(StormOptions options, String anyPeerHex) throws IOException {
    server =
        options.serverPidFile == null
            ? null
            : ServerProcess.of(Long.parseLong(Files.readString(options.serverPidFile).strip()));
    serverPort = options.serverPort;
    controlSocket = options.controlSocket;
    this.anyPeerHex = anyPeerHex;
  }

  /** Reads all; the first time is the time from which the peak of memory counts. */
  Reading begin() throws IOException {
    if (server != null) {
      server.forgetPeak();
    }
    return read();
  }

  Reading read() throws IOException {
    NodeCounters counters =
        controlSocket == null ? NodeCounters.NONE : NodeCounters.ask(controlSocket, anyPeerHex);
    return new Reading(
        serverCpuSeconds(),
        ourselves.cpuSeconds(),
        busySeconds(Files.readString(Path.of("/proc/stat"))),
        server == null ? 0 : server.lostAtSocket(serverPort),
        counters);
  }

  private static OptionalLong longestWait(Map<String, String> facts) {
    String us = facts.get("longest_wait_us");
    return us == null
        ? OptionalLong.empty()
        : OptionalLong.of(TimeUnit.MICROSECONDS.toNanos(Long.parseLong(us)));
  }

  double serverCpuSeconds() throws IOException {
    return server == null ? Double.NaN : server.cpuSeconds();
  }

  /** Processor time that was spent, and not waited, by all processors together. */
  static double busySeconds(String procStat) {
    // cpu  user nice system idle iowait irq softirq steal ...
    String[] fields = procStat.substring(0, procStat.indexOf('\n')).split(" +", -1);
    long ticks = 0;
    for (int i : new int[] {1, 2, 3, 6, 7}) {
      ticks += Long.parseLong(fields[i]);
    }
    return ticks / ServerProcess.TICKS_PER_SECOND;
  }

  /** Reports what two readings and the time between tell. */
  void report(Figures figures, Reading before, Reading after, double seconds) throws IOException {
    double serverCpuS = after.serverCpuS - before.serverCpuS;
    double ownCpuS = after.ownCpuS - before.ownCpuS;
    if (server != null) {
      figures.number("server_cpu_s", "CPU of the server", OptionalDouble.of(serverCpuS), "s");
      figures.number(
          "server_cores", "cores of the server", OptionalDouble.of(serverCpuS / seconds), "");
      figures.number(
          "server_peak_mib",
          "memory of the server, peak",
          OptionalDouble.of(server.peakKib().orElse(0) / MIB),
          "MiB");
      figures.count("lost_at_socket", "lost at the server's socket", after.lost - before.lost);
    }
    Map<String, String> facts = after.counters.facts();
    figures.time(
        "loop_longest_wait_s", "longest wait for a loop, last 30 to 60 s", longestWait(facts));
    figures.counts("drops", "drops of the server", after.counters.dropsSince(before.counters));
    figures.text(
        "server",
        "server",
        facts.getOrDefault("version", "?") + " " + facts.getOrDefault("cipher", ""));
    figures.number("generator_cpu_s", "CPU of the generator", OptionalDouble.of(ownCpuS), "s");
    double othersS = after.allCpuS - before.allCpuS - ownCpuS;
    figures.number(
        "other_cores",
        "cores of everybody else",
        Double.isNaN(serverCpuS)
            ? OptionalDouble.empty()
            : OptionalDouble.of(Math.max(0, othersS - serverCpuS) / seconds),
        String.format(Locale.ROOT, "of %d", Runtime.getRuntime().availableProcessors()));
  }
}
