package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whoever started this process and waits to hear whether the interface works: one line to an
 * inherited descriptor, which is then closed.
 */
public final class Readiness {
  /** Holds the descriptor's number; set by the launcher when it puts the node in the background. */
  static final String VARIABLE = "WG_NETTY_READY_FD";

  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);

  private @Nullable Integer fd;

  private Readiness(@Nullable Integer fd) {
    this.fd = fd;
  }

  /** Speaks to the descriptor that the environment names, or to nobody. */
  public static Readiness from(Map<String, String> environment) throws CommandFailure {
    return new Readiness(InheritedDescriptor.from(environment, VARIABLE));
  }

  void ready() {
    tell("ready");
  }

  public void failed(String message) {
    tell("error " + message);
  }

  private void tell(String line) {
    if (fd == null) {
      return;
    }
    byte[] bytes = (line + "\n").getBytes(UTF_8);
    // Not through /proc/self/fd: that would open the launcher's pipe again, and it may be another
    // user's.
    long written =
        Function.getFunction("c", "write")
            .invokeLong(new Object[] {fd, bytes, new NativeLong(bytes.length)});
    if (written != bytes.length) {
      LOG.warn("nobody reads whether the interface is ready: errno {}", Native.getLastError());
    }
    // The reader waits for the end of file.
    Function.getFunction("c", "close").invokeInt(new Object[] {fd});
    fd = null;
  }
}
