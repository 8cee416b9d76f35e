package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.DownRequest;
import io.wgnetty.node.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
  @Option(
      names = "--force",
      description =
          "Goes on when a PreDown command fails or SaveConfig cannot write the file; otherwise the"
              + " interface stays then.")
  private boolean force;

  @Option(
      names = "--if-killed",
      description =
          "Only cleans up after a node that was killed; silent if there is nothing to do.")
  private boolean ifKilled;

  DownCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    if (ifKilled) {
      DownRequest.ifKilled(context, nameOrPath);
    } else {
      DownRequest.down(context, nameOrPath, force);
    }
    return 0;
  }
}
