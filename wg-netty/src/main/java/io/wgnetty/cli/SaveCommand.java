package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;

/** The running state goes to the file. */
@Command(
    name = "save",
    description = {
      "Writes the state of a running interface to its file.",
      "",
      "Keys, port, mark, addresses, MTU and peers are written. Comments, order and everything else in"
          + " the file stay."
    },
    footerHeading = "%nExample:%n",
    footer = "  wg-netty save wg0")
final class SaveCommand extends InterfaceCommand {
  SaveCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "save", List.of());
    return 0;
  }
}
