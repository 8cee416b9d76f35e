package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever started this process and waits to hear whether the interface works: lines to an inherited
 * descriptor, {@code warning TEXT} and {@code output TEXT} while it is made, at last {@code ready}
 * or {@code error TEXT}, whereupon it is closed.
 */
public final class Readiness {
  /** Holds the descriptor's number; set by the launcher when it puts the node in the background. */
  static final String VARIABLE = "WG_NETTY_READY_FD";

  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

  /** Of what is said in passing: less than a pipe holds, so that nobody who sleeps delays us. */
  private static final int MAX_PASSING_BYTES = 32 * 1024;

  private final Set<String> said = new HashSet<>();
  private @Nullable Integer fd;
  private int passedBytes;

  private Readiness(@Nullable Integer fd) {
    this.fd = fd;
  }

  /** Speaks to the descriptor that the environment names, or to nobody. */
  public static Readiness from(Map<String, String> environment) throws CommandFailure {
    return new Readiness(InheritedDescriptor.from(environment, VARIABLE));
  }

  /** Whether somebody waits, because this process is to go on in the background. */
  public static boolean isAwaited(Map<String, String> environment) {
    return environment.containsKey(VARIABLE);
  }

  /** Something that a person should know, though the interface may come to work. */
  synchronized void warning(String message) {
    if (said.add(message)) {
      tellInPassing("warning ", message);
    }
  }

  /** A line that a command of the file printed. */
  synchronized void output(String line) {
    tellInPassing("output ", line);
  }

  synchronized void ready() {
    tell("ready");
  }

  public synchronized void failed(String message) {
    tell("error " + message);
  }

  private void tellInPassing(String kind, String message) {
    if (fd == null || passedBytes > MAX_PASSING_BYTES) {
      return;
    }
    byte[] bytes = text(message.lines().map(line -> kind + line));
    passedBytes += bytes.length;
    if (passedBytes > MAX_PASSING_BYTES) {
      bytes = text(Stream.of("warning there is more, which only the log has"));
    }
    write(fd, bytes);
  }

  private static byte[] text(Stream<String> lines) {
    return lines.map(line -> line + "\n").collect(Collectors.joining()).getBytes(UTF_8);
  }

  private void tell(String line) {
    if (fd == null) {
      return;
    }
    write(fd, text(Stream.of(line)));
    // The reader waits for the end of file.
    Function.getFunction("c", "close").invokeInt(new Object[] {fd});
    fd = null;
  }

  private static void write(int fd, byte[] bytes) {
    // Not through /proc/self/fd: that would open the launcher's pipe again, and it may be another
    // user's.
    long written =
        Function.getFunction("c", "write")
            .invokeLong(new Object[] {fd, bytes, new NativeLong(bytes.length)});
    if (written != bytes.length) {
      LOG.debug("nobody reads whether the interface is ready: errno {}", Native.getLastError());
    }
  }
}
