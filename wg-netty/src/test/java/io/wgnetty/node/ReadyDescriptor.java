package io.wgnetty.node;

import com.sun.jna.Function;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is open for writing under a descriptor of its own, as a launcher leaves it. */
public record ReadyDescriptor(int fd) implements AutoCloseable {
  private static final int O_WRONLY = 1;

  public static ReadyDescriptor open(Path file) throws IOException {
    int fd = Function.getFunction("c", "open").invokeInt(new Object[] {file.toString(), O_WRONLY});
    if (fd < 3) {
      throw new IOException("cannot open " + file);
    }
    return new ReadyDescriptor(fd);
  }

  public boolean isClosed() {
    return !Files.exists(Path.of("/proc/self/fd/" + fd));
  }

  @Override
  public void close() {
    if (!isClosed()) {
      Function.getFunction("c", "close").invokeInt(new Object[] {fd});
    }
  }
}
