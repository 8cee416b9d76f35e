package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The running node reads its file again. */
@Command(
    name = "reload",
    description = {
      "Reads the configuration file of a running interface again: only what differs is changed,",
      "live sessions stay. A file with errors changes nothing."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeOnInvalidInput = 1,
    footerHeading = "%nExample:%n",
    footer = "  wg-netty reload wg0")
final class ReloadCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      description = "The interface, or its file's path.",
      completionCandidates = RunningInterfaces.class)
  private String nameOrPath = "";

  ReloadCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "reload", List.of());
    return 0;
  }
}
