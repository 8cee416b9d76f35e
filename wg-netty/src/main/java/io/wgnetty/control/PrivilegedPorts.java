package io.wgnetty.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The UDP ports that this process may not take. The launcher gives up CAP_NET_BIND_SERVICE unless
 * the configuration file has such a port.
 *
 * @param firstFree the lowest port that everybody may take
 * @param capable whether the process may take the others, too
 */
record PrivilegedPorts(int firstFree, boolean capable) {
  /** The kernel's own value before anybody changes it. */
  private static final int DEFAULT_FIRST_FREE = 1024;

  private static final int CAP_NET_BIND_SERVICE = 10;

  /** Those of this process in its network namespace, now. */
  static PrivilegedPorts ofProcess() {
    return of(Path.of("/proc"));
  }

  static PrivilegedPorts of(Path proc) {
    int firstFree = DEFAULT_FIRST_FREE;
    boolean capable = true;
    try {
      // With a buffer: the kernel gives such a file to the first read, however short, and no more.
      try (var file =
          Files.newBufferedReader(proc.resolve("sys/net/ipv4/ip_unprivileged_port_start"))) {
        firstFree = Integer.parseInt(String.valueOf(file.readLine()).strip());
      }
      capable = isCapable(Files.readAllLines(proc.resolve("self/status")));
    } catch (IOException | NumberFormatException e) {
      // Without /proc nothing is refused here: the socket will be, and say so.
    }
    return new PrivilegedPorts(firstFree, capable);
  }

  private static boolean isCapable(List<String> status) {
    for (String line : status) {
      if (line.startsWith("CapEff:")) {
        long mask = Long.parseUnsignedLong(line.substring(line.indexOf(':') + 1).strip(), 16);
        return (mask >>> CAP_NET_BIND_SERVICE & 1) != 0;
      }
    }
    return true;
  }

  /** Whether the kernel would refuse the port; 0 stands for any that is free. */
  boolean refuses(int port) {
    return !capable && port != 0 && port < firstFree;
  }
}
