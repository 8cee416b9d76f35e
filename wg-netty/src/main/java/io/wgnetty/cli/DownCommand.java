package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;

/** A running node ends. */
@Command(
    name = "down",
    description = {
      "Ends a running interface: routes, addresses and hooks of its file are undone, and the",
      "interface goes. In a process that serves others too, those stay."
    },
    footerHeading = "%nExample:%n",
    footer = "  wg-netty down wg0")
final class DownCommand extends InterfaceCommand {
  DownCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "down", List.of());
    return 0;
  }
}
