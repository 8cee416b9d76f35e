package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import picocli.CommandLine.Parameters;

/** A command that is about one peer of an interface. */
abstract class PeerCommand extends InterfaceCommand {
  @Parameters(
      index = "1",
      paramLabel = "PEER",
      description = "Its name, its public key, or at least 6 characters of the key's beginning.",
      completionCandidates = PeerNames.class)
  String wanted = "";

  PeerCommand(CommandContext context) {
    super(context);
  }
}
