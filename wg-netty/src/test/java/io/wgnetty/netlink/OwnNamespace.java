package io.wgnetty.netlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace for one test: that of a thread of its own. Sockets, interfaces, threads and
 * processes that the thread makes are in it; it ends with the last of them.
 */
public final class OwnNamespace {
  private static final int CLONE_NEWNET = 0x40000000;

  private interface Calls extends Library {
    Calls INSTANCE = Native.load("c", Calls.class);

    int unshare(int flags) throws LastErrorException;
  }

  /** What happens inside. */
  @FunctionalInterface
  public interface Body {
    void run() throws Exception;
  }

  private OwnNamespace() {}

  /** Runs a test inside of a namespace that has nothing but its loopback interface. */
  public static void run(Body body) throws Exception {
    var task =
        new FutureTask<Void>(
            () -> {
              Calls.INSTANCE.unshare(CLONE_NEWNET);
              exec("ip", "link", "set", "lo", "up");
              body.run();
              return null;
            });
    Thread.ofPlatform().name("own-namespace").start(task);
    try {
      task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  /** Runs a command in the caller's namespace and returns what it printed. */
  public static String exec(String... command) {
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

  /** The words of {@code ip}'s arguments are separated by blanks. */
  public static String ip(String arguments) {
    return exec(("ip " + arguments).split(" ", -1));
  }
}
