package io.wgnetty.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;

/**
 * What a command reads and writes.
 *
 * @param outFile where the kernel shows what {@code out} leads to
 */
public record StandardStreams(InputStream in, PrintStream out, PrintStream err, Path outFile) {
  public static StandardStreams ofProcess() {
    return new StandardStreams(System.in, System.out, System.err, Path.of("/proc/self/fd/1"));
  }

  /** Whether {@code out} leads to a person. */
  public boolean outIsTerminal() {
    try {
      String target = Files.readSymbolicLink(outFile).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  /** Says so if a secret is about to be written to a file that others can open. */
  public void warnIfOutIsWorldAccessible() {
    var others =
        EnumSet.of(
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);
    try {
      others.retainAll(Files.getPosixFilePermissions(outFile));
      if (Files.isRegularFile(outFile, new LinkOption[0]) && !others.isEmpty()) {
        err.println("Warning: writing to world accessible file.");
        err.println("Consider setting the umask to 077 and trying again.");
      }
    } catch (IOException e) {
      // Closed, or a pipe that cannot be looked at: nothing that others could open.
      return;
    }
  }
}
