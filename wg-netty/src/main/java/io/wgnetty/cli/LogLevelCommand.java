package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.LogRequest;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.observe.LogLevel;
import java.util.Iterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Another level for the log of a running node. */
@Command(
    name = "log-level",
    description = {
      "Changes how much a running node writes to its log.",
      "",
      "The level holds until the node ends."
    },
    footerHeading = "%nExample:%n",
    footer = "  wg-netty log-level wg0 debug")
final class LogLevelCommand extends InterfaceCommand {
  @Parameters(
      index = "1",
      paramLabel = "LEVEL",
      description = "verbose, debug, info, error or silent.",
      completionCandidates = Levels.class)
  private String level = "";

  LogLevelCommand(CommandContext context) {
    super(context);
  }

  /** For the completion of command lines. */
  static final class Levels implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LogLevel.words().iterator();
    }
  }

  /** The word, if it is one of them. */
  static String checked(String word) throws CommandFailure {
    if (LogLevel.named(word).isEmpty()) {
      throw CommandFailure.usage(
          "there is no level " + word + "; there are " + String.join(", ", LogLevel.words()));
    }
    return word;
  }

  @Override
  public Integer call() throws CommandFailure {
    LogRequest.setLevel(context, nameOrPath, checked(level));
    return 0;
  }
}
