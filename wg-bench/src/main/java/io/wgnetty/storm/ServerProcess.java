package io.wgnetty.storm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What the system charges a process with: processor time, memory, datagrams it was too slow for.
 */
final class ServerProcess {
  /** {@code USER_HZ}, which is 100 on all of Linux that Java runs on. */
  static final double TICKS_PER_SECOND = 100;

  private static final int USER_TIME = 11;
  private static final int SYSTEM_TIME = 12;
  private static final int UDP_LOCAL = 1;
  private static final int UDP_DROPS = 12;

  private final Path folder;

  ServerProcess(Path folder) {
    this.folder = folder;
  }

  static ServerProcess of(long pid) {
    return new ServerProcess(Path.of("/proc", Long.toString(pid)));
  }

  /** User and system time of all threads so far. */
  double cpuSeconds() throws IOException {
    String stat = Files.readString(folder.resolve("stat"));
    // The name in parentheses may hold anything; what follows it is numbers.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]);
    return ticks / TICKS_PER_SECOND;
  }

  /** Begins to look for the peak of memory anew, if the kernel allows it. */
  void forgetPeak() {
    try {
      Files.writeString(folder.resolve("clear_refs"), "5");
    } catch (IOException e) {
      // Then the peak is that of the process's whole life, which is the same or more.
    }
  }

  /** The most memory that was ever resident, in KiB. */
  OptionalLong peakKib() throws IOException {
    return statusKib("VmHWM:");
  }

  OptionalLong residentKib() throws IOException {
    return statusKib("VmRSS:");
  }

  private OptionalLong statusKib(String name) throws IOException {
    return Files.readAllLines(folder.resolve("status")).stream()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst();
  }

  /** Datagrams that found the socket buffers of a port full. */
  long lostAtSocket(int port) throws IOException {
    String end = ":%04X".formatted(port);
    long lost = 0;
    for (String name : new String[] {"net/udp", "net/udp6"}) {
      for (String line : Files.readAllLines(folder.resolve(name))) {
        String[] fields = line.trim().split("\\s+", -1);
        if (fields.length > UDP_DROPS && fields[UDP_LOCAL].endsWith(end)) {
          lost += Long.parseLong(fields[UDP_DROPS]);
        }
      }
    }
    return lost;
  }
}
