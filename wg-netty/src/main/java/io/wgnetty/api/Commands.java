package io.wgnetty.api;

import java.io.InputStream;
import java.io.PrintStream;

/** The commands of this program, run within it. */
@FunctionalInterface
public interface Commands {
  /**
   * Runs one, on the calling thread.
   *
   * @param words the command and its arguments; none is taken for a file of arguments
   * @return its exit status
   */
  int run(InputStream in, PrintStream out, PrintStream err, String... words);
}
