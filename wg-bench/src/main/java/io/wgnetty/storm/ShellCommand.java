package io.wgnetty.storm;

import java.io.IOException;

/** What {@code bin/storm} knows how to do, in words of the shell. */
final class ShellCommand {
  private ShellCommand() {}

  /** Runs a command to its end, with our output; returns its status. */
  static int run(String command) throws IOException, InterruptedException {
    return new ProcessBuilder("bash", "-c", command).inheritIO().start().waitFor();
  }
}
