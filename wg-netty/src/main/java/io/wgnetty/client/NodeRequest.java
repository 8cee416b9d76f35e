package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.FileOperations;
import io.wgnetty.node.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request to a running node whose answer is for people: what it did goes to standard output, what
 * commands of its file print and what failed to standard error.
 */
public final class NodeRequest {
  private NodeRequest() {}

  /**
   * Sends it, and prints the answer.
   *
   * @throws CommandFailure if it was not done, or something of it failed
   */
  public static void send(
      CommandContext context,
      String nameOrPath,
      String word,
      List<Map.Entry<String, String>> arguments)
      throws CommandFailure {
    String name = InterfaceName.ofNameOrPath(nameOrPath);
    var sockets = new ControlSockets(context.socketDirectory());
    try (var client = ManagementClient.connect(sockets, name)) {
      var answer = new Printer(context.streams());
      Reply reply = client.ask(word, arguments, answer);
      context.streams().out().flush();
      reply.orFail(name, word, answer.details);
    }
  }

  /** Prints lines by what they are; those that it does not know are not for people. */
  private static final class Printer implements AnswerLines {
    private final StandardStreams streams;
    private final List<String> details = new ArrayList<>();

    private Printer(StandardStreams streams) {
      this.streams = streams;
    }

    @Override
    public void line(String key, String value) {
      String text = ShowText.printable(value);
      switch (key) {
        case FileOperations.REPORT_KEY -> streams.out().println(text);
        case FileOperations.OUTPUT_KEY -> streams.err().println(text);
        case FileOperations.FAILED_KEY, FileOperations.DETAIL_KEY -> details.add(text);
        default -> {
          // A newer node may say more.
        }
      }
    }
  }
}
