package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.LogRequest;
import io.wgnetty.node.CommandFailure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The log of a running node. */
@Command(
    name = "log",
    description = "Prints the last lines that a running node has logged.",
    footerHeading = "%nExamples:%n",
    footer = {"  wg-netty log wg0", "  wg-netty log -f wg0"})
final class LogCommand extends InterfaceCommand {
  @Option(
      names = {"-f", "--follow"},
      description = "Follows the log until the node ends.")
  private boolean follow;

  @Parameters(
      index = "1",
      arity = "0..1",
      hidden = true, // as 'log-level', for those who know no other
      completionCandidates = LogLevelCommand.Levels.class)
  private @Nullable String level;

  LogCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    if (level != null) {
      LogRequest.setLevel(context, nameOrPath, LogLevelCommand.checked(level));
    } else {
      LogRequest.read(context, nameOrPath, follow);
    }
    return 0;
  }
}
