package io.wgnetty.tun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of one test, with a name of its own; gone when the test is. */
final class TestNamespace implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final String name = uniqueName();

  TestNamespace() {
    run("ip", "netns", "add", name);
  }

  /** A name that no other test, and no other run, has for its interface or namespace. */
  static String uniqueName() {
    return "wt" + ProcessHandle.current().pid() + "n" + NUMBERS.incrementAndGet();
  }

  String name() {
    return name;
  }

  /** Runs {@code ip} inside. */
  String ip(String... arguments) {
    var command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /** Runs a command inside. */
  String exec(String... arguments) {
    var command = new ArrayList<>(List.of("ip", "netns", "exec", name));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /** Moves an interface in, brings it up with that address. */
  void take(TunDevice device, String address) {
    run("ip", "link", "set", device.name(), "netns", name);
    ip("addr", "add", address, "dev", device.name());
    ip("link", "set", device.name(), "up");
  }

  /** Runs a command and returns what it printed. */
  static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
      return output;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  @Override
  public void close() {
    run("ip", "netns", "del", name);
  }
}
