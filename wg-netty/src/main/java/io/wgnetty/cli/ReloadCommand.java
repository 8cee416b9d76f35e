package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;

/** The running node reads its file again. */
@Command(
    name = "reload",
    description = {
      "Reads the configuration file of a running interface again.",
      "",
      "Only what differs is changed, and live sessions stay. A file with errors changes nothing."
    },
    footerHeading = "%nExample:%n",
    footer = "  wg-netty reload wg0")
final class ReloadCommand extends InterfaceCommand {
  ReloadCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "reload", List.of());
    return 0;
  }
}
