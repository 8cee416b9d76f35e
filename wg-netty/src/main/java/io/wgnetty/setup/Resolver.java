package io.wgnetty.setup;

import java.io.IOException;
import java.util.List;

/** A program that tells the system of an interface's name servers. */
interface Resolver {
  /** Tells of them, in place of what was told of the interface before. */
  void set(List<String> servers, List<String> domains) throws SetupException, InterruptedException;

  /** Has the system forget them. */
  void remove(List<String> servers) throws SetupException, InterruptedException;

  /** Runs one of its commands. */
  static void run(CommandRunner commands, List<String> words, String input, List<String> servers)
      throws SetupException, InterruptedException {
    String item = String.join(", ", servers);
    try {
      CommandResult result = commands.run(words, input);
      if (result.status() != 0) {
        String reason = String.join(" ", words) + ": " + result.complaint();
        throw new SetupException("DNS", item, reason);
      }
    } catch (IOException e) {
      throw new SetupException("DNS", item, e);
    }
  }
}
