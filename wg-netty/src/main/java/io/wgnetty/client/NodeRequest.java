package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import java.util.List;
import java.util.Map;

/** A request to a running node whose answer is a few lines for people. */
public final class NodeRequest {
  private NodeRequest() {}

  /** Sends it, and prints the answer. */
  public static void send(
      CommandContext context,
      String nameOrPath,
      String word,
      List<Map.Entry<String, String>> arguments)
      throws CommandFailure {
    String name = InterfaceName.ofNameOrPath(nameOrPath);
    var sockets = new ControlSockets(context.socketDirectory());
    try (var client = ManagementClient.connect(sockets, name)) {
      var out = context.streams().out();
      client
          .ask(word, arguments, (key, value) -> out.println(key + ": " + ShowText.printable(value)))
          .orFail(name, word);
      out.flush();
    }
  }
}
