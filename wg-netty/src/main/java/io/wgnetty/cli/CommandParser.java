package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.NodeProcess;
import java.io.PrintWriter;
import picocli.CommandLine;

/** The parser of everything that is not {@link PlainArguments}. */
final class CommandParser {
  private CommandParser() {}

  static CommandLine of(NodeProcess node, CommandContext context, Failures failures) {
    StandardStreams streams = context.streams();
    var parser =
        new CommandLine(new RunCommand(node), new CommandFactory(node, context))
            .setOut(new PrintWriter(streams.out(), true, streams.out().charset()))
            .setErr(new PrintWriter(streams.err(), true, streams.err().charset()))
            .setParameterExceptionHandler(
                (e, arguments) ->
                    failures.wrongArguments(e.getMessage() + " (see wg-netty --help)"))
            .setExecutionExceptionHandler((e, command, parsed) -> failures.failed(e));
    FirstScreen.use(parser);
    return parser;
  }
}
