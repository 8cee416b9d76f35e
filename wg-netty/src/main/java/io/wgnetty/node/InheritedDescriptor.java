package io.wgnetty.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An open file descriptor that an environment variable names. */
final class InheritedDescriptor {
  /** Standard input, output and error are not what is meant. */
  private static final int LOWEST = 3;

  private InheritedDescriptor() {}

  /**
   * The descriptor's number, or {@code null} if the variable is not set.
   *
   * @throws CommandFailure if the variable holds anything but the number of an open descriptor
   */
  static @Nullable Integer from(Map<String, String> environment, String variable)
      throws CommandFailure {
    String text = environment.get(variable);
    if (text == null || text.isEmpty()) {
      return null;
    }
    if (!text.matches("[0-9]{1,7}") || Integer.parseInt(text) < LOWEST) {
      throw new CommandFailure(
          variable + " is not a file descriptor's number, which is " + LOWEST + " or more");
    }
    int fd = Integer.parseInt(text);
    if (!Files.exists(Path.of("/proc/self/fd/" + fd))
        && !Files.isSymbolicLink(Path.of("/proc/self/fd/" + fd))) {
      throw new CommandFailure(
          variable + "=" + fd + ": this process was started without that descriptor open");
    }
    return fd;
  }
}
