package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of one test; gone when the test is. */
public final class TestNamespace implements AutoCloseable {
  private static final AtomicInteger NUMBERS = new AtomicInteger();
  private static final int CLONE_NEWNET = 0x40000000;
  private static final MethodHandle OPEN =
      handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle SETNS =
      handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));

  final String name = uniqueName();

  public TestNamespace() {
    run("ip", "netns", "add", name);
    ip("link", "set", "lo", "up");
  }

  /** A name that no other test, and no other run, has for its interface or namespace. */
  public static String uniqueName() {
    return "wu" + ProcessHandle.current().pid() + "n" + NUMBERS.incrementAndGet();
  }

  /** Joins two namespaces by a pair of interfaces that are both called {@code eth}. */
  public static void join(TestNamespace one, TestNamespace other, int mtu) {
    run(
        "ip",
        "link",
        "add",
        "eth",
        "netns",
        one.name,
        "mtu",
        "" + mtu,
        "type",
        "veth",
        "peer",
        "name",
        "eth",
        "netns",
        other.name,
        "mtu",
        "" + mtu);
  }

  /** Gives the interface its addresses and brings it up. */
  public void use(String... addresses) {
    for (String address : addresses) {
      List<String> arguments = new ArrayList<>(List.of("addr", "add", address, "dev", "eth"));
      if (address.indexOf(':') >= 0) {
        arguments.add("nodad");
      }
      ip(arguments.toArray(String[]::new));
    }
    ip("link", "set", "eth", "up");
  }

  /** Runs {@code ip} inside. */
  public void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(List.of(arguments));
    run(command.toArray(String[]::new));
  }

  /** Does something on a thread that is inside: sockets opened there stay there. */
  public <T> T call(Callable<T> action) throws Exception {
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              enter();
              return action.call();
            });
    Thread.ofPlatform().daemon().start(task);
    return task.get();
  }

  private void enter() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom("/var/run/netns/" + name);
      int fd = (int) OPEN.invokeExact(path, 0);
      int result = (int) SETNS.invokeExact(fd, CLONE_NEWNET);
      if (fd < 0 || result != 0) {
        throw new AssertionError("cannot enter the namespace " + name);
      }
    } catch (Throwable t) {
      throw new AssertionError("cannot enter the namespace " + name, t);
    }
  }

  static void run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ": " + output);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(String.join(" ", command), e);
    }
  }

  @SuppressWarnings("restricted") // signatures as in POSIX and Linux
  private static MethodHandle handle(String name, FunctionDescriptor signature) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().find(name).orElseThrow(), signature);
  }

  @Override
  public void close() {
    run("ip", "netns", "del", name);
  }
}
