package io.wgnetty.api;

import java.io.InputStream;
import java.io.PrintStream;

/** The commands of this program, run within it. */
@FunctionalInterface
public interface Commands {
  /**
   * How one ended.
   *
   * @param status its exit status
   * @param noSuchPeer whether it failed because the peer that is meant is not there
   */
  record Outcome(int status, boolean noSuchPeer) {}

  /**
   * Runs one, on the calling thread.
   *
   * @param words the command and its arguments; none is taken for a file of arguments
   */
  Outcome run(InputStream in, PrintStream out, PrintStream err, String... words);
}
