package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import io.wgnetty.node.LogOperations;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks a running node for its log, or for another level of it. */
public final class LogRequest {
  private LogRequest() {}

  /**
   * Prints the last lines.
   *
   * @param follow goes on with those that come, until the node ends or nobody reads
   */
  public static void read(CommandContext context, String nameOrPath, boolean follow)
      throws CommandFailure {
    PrintStream out = context.streams().out();
    try {
      ask(
          context,
          nameOrPath,
          follow ? "follow" : "log",
          List.of(),
          (key, value) -> {
            if (key.equals(LogOperations.LINE_KEY)) {
              out.println(ShowText.printable(value));
              if (follow && out.checkError()) {
                throw new NobodyReads();
              }
            }
          });
    } catch (NobodyReads e) {
      return;
    }
    out.flush();
  }

  /** Sets the level, and says where lines go at it. */
  public static void setLevel(CommandContext context, String nameOrPath, String level)
      throws CommandFailure {
    List<String> heard = new ArrayList<>();
    ask(
        context,
        nameOrPath,
        "log",
        List.of(Map.entry(LogOperations.LEVEL_KEY, level)),
        (key, value) -> {
          if (key.equals(LogOperations.HEARD_KEY)) {
            heard.add(ShowText.printable(value));
          }
        });
    PrintStream out = context.streams().out();
    out.println(
        "level "
            + level
            + (heard.isEmpty()
                ? ": nobody hears anything of it"
                : ", heard in: " + String.join(", ", heard)));
    out.flush();
  }

  private static void ask(
      CommandContext context,
      String nameOrPath,
      String word,
      List<Map.Entry<String, String>> arguments,
      AnswerLines lines)
      throws CommandFailure {
    String name = InterfaceName.ofNameOrPath(nameOrPath);
    var sockets = new ControlSockets(context.socketDirectory());
    try (var client = ManagementClient.connect(sockets, name)) {
      client.ask(word, arguments, lines).orFail(name, word);
    }
  }

  /** Ends the reading of an answer. */
  private static final class NobodyReads extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
