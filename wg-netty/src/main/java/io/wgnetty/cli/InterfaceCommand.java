package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import picocli.CommandLine.Parameters;

/** A command that is about one interface, running or not. */
abstract class InterfaceCommand extends BaseCommand {
  final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "The interface, or its file's path.",
      completionCandidates = RunningInterfaces.class)
  String nameOrPath = "";

  InterfaceCommand(CommandContext context) {
    this.context = context;
  }

  /** To standard error: standard output is for what was asked for. */
  final void note(String text) {
    context.streams().err().println("wg-netty: " + text);
  }
}
