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
      "Takes a running interface down.",
      "",
      "Undoes routes, addresses and name servers, runs the hooks of its file, and removes the"
          + " interface. Others that the same process serves stay."
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
