package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import picocli.CommandLine.Command;

/**
 * Two nodes and traffic between them. Network namespaces are made by the launcher, before any JVM;
 * here the command only has its place in the help.
 */
@Command(
    name = "demo",
    description = {
      "Runs two nodes in network namespaces, with traffic between them.",
      "",
      "Needs root. Shows ping and TCP through the tunnel, and leaves nothing behind."
    })
final class DemoCommand extends BaseCommand {
  @Override
  public Integer call() throws CommandFailure {
    throw CommandFailure.usage("the demo is run by the launcher: bin/wg-netty demo");
  }
}
