package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** A running node ends. */
@Command(
    name = "down",
    description = {
      "Ends a running interface: routes, addresses and hooks of its file are undone, and the",
      "interface goes. In a process that serves others too, those stay."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeOnInvalidInput = 1,
    footerHeading = "%nExample:%n",
    footer = "  wg-netty down wg0")
final class DownCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      description = "The interface, or its file's path.",
      completionCandidates = RunningInterfaces.class)
  private String nameOrPath = "";

  DownCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "down", List.of());
    return 0;
  }
}
