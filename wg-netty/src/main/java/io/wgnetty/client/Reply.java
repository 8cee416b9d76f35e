package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a management request ended.
 *
 * @param ours whether the program is one that knows management requests at all
 * @param known whether it knows this one
 * @param errno 0 for success
 */
record Reply(boolean ours, boolean known, int errno, @Nullable String message) {
  /** The program closed the connection without an answer, as other implementations do. */
  static final Reply FOREIGN = new Reply(false, false, 0, null);

  boolean isSuccess() {
    return ours && errno == 0;
  }

  /**
   * Does nothing for a success.
   *
   * @param name the interface
   * @param command what was asked for, as people call it
   */
  void orFail(String name, String command) throws CommandFailure {
    orFail(name, command, List.of());
  }

  /**
   * The same.
   *
   * @param details further lines of the message
   */
  void orFail(String name, String command, List<String> details) throws CommandFailure {
    if (!ours) {
      throw new CommandFailure(
          name
              + " is served by another implementation of WireGuard, which cannot do '"
              + command
              + "'; show, list-peers, add-peer and remove-peer work with it, and so does wg");
    }
    if (errno != 0) {
      String text = message == null ? "errno " + errno : message;
      String whole = text.startsWith(name + ": ") ? text : name + ": " + text;
      throw new CommandFailure(
          details.isEmpty() ? whole : whole + "\n" + String.join("\n", details));
    }
  }
}
