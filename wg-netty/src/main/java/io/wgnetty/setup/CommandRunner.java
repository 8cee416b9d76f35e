package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs programs of the system. */
public interface CommandRunner {
  /** Where in PATH there is such a program, {@code null} if there is none. */
  @Nullable Path find(String program);

  /** Whether there is such a program in PATH. */
  default boolean has(String program) {
    return find(program) != null;
  }

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
   * Runs a program to its end, however long that takes, and hands on what it prints while it runs.
   *
   * @param lines takes the lines of standard output and standard error, on the calling thread
   * @return its exit status
   */
  int show(List<String> words, Consumer<String> lines) throws IOException, InterruptedException;

  /** Kills what runs now, from another thread. */
  void killRunning();
}
