package io.wgnetty.setup;

import java.io.IOException;
import java.util.List;

/** Runs programs of the system. */
public interface CommandRunner {
  /** Whether there is such a program in PATH. */
  boolean has(String program);

  /**
   * Runs a program to its end and takes what it prints.
   *
   * @param words the program and its arguments
   * @param input what it reads on standard input
   * @throws IOException if it can not be started
   * @throws InterruptedException if the caller was interrupted; the program was killed
   */
  CommandResult run(List<String> words, String input) throws IOException, InterruptedException;

  /**
   * Runs a program to its end, however long that takes; what it prints goes where ours goes.
   *
   * @return its exit status
   */
  int show(List<String> words) throws IOException, InterruptedException;

  /** Kills what runs now, from another thread. */
  void killRunning();
}
