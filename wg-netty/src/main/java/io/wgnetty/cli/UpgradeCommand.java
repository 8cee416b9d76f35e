package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;

/** The running node gives its place to the program that is installed now. */
@Command(
    name = "upgrade",
    description = {
      "Has the program that is installed now take a node's place.",
      "",
      "The new process takes over the interface, its sockets and all sessions; the old one ends. No"
          + " connection through the tunnel breaks. If it does not come to that, the old one goes on."
    },
    footerHeading = "%nExample:%n",
    footer = "  wg-netty upgrade wg0")
final class UpgradeCommand extends InterfaceCommand {
  UpgradeCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "upgrade", List.of());
    return 0;
  }
}
