package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.observe.LogLevel;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Another level for the log of a running node. */
@Command(
    name = "log",
    description = {
      "Changes how much a running node writes to its log.",
      "",
      "The level holds until the node ends."
    },
    footerHeading = "%nExample:%n",
    footer = "  wg-netty log wg0 verbose")
final class LogCommand extends BaseCommand {
  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The interface.",
      completionCandidates = RunningInterfaces.class)
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "LEVEL",
      description = "verbose, debug, info, error or silent.",
      completionCandidates = Levels.class)
  private String level = "";

  LogCommand(CommandContext context) {
    this.context = context;
  }

  /** For the completion of command lines. */
  static final class Levels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LogLevel.words().iterator();
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    if (LogLevel.named(level).isEmpty()) {
      throw CommandFailure.usage(
          "there is no level " + level + "; there are " + String.join(", ", LogLevel.words()));
    }
    NodeRequest.send(context, name, "log", List.of(Map.entry("level", level)));
    return 0;
  }
}
