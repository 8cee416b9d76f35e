package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.EventOperation;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/** Follows the events of a running node. */
public final class EventsRequest {
  private EventsRequest() {}

  /**
   * Prints events as they come, until the node ends or nobody reads.
   *
   * @param json whether each is a line of JSON
   */
  public static void follow(CommandContext context, String name, boolean json)
      throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    try (var client = ManagementClient.connect(sockets, name)) {
      client
          .ask(
              "events",
              json ? List.of(Map.entry("json", "true")) : List.of(),
              (key, value) -> print(context, name, key, value))
          .orFail(name, "events");
    } catch (NobodyReads e) {
      return;
    }
  }

  private static void print(CommandContext context, String name, String key, String value) {
    PrintStream out = context.streams().out();
    synchronized (out) { // several interfaces may be followed at once
      if (key.equals(EventOperation.EVENT_KEY)) {
        out.println(ShowText.printable(value));
        if (out.checkError()) {
          throw new NobodyReads();
        }
      } else if (key.equals(EventOperation.BEGUN_KEY)) {
        context.streams().err().println("wg-netty: following " + name);
      } else if (key.equals(EventOperation.LOST_KEY)) {
        context
            .streams()
            .err()
            .println(
                "wg-netty: " + name + ": " + ShowText.printable(value) + " events are missing");
      }
    }
  }

  /** Ends the reading of an answer. */
  private static final class NobodyReads extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
