package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** People call a peer otherwise. */
@Command(
    name = "rename-peer",
    description = "Gives a peer another name. Its session goes on.",
    footerHeading = "%nExample:%n",
    footer = "  wg-netty rename-peer wg0 phone 'phone of Ada'")
final class RenamePeerCommand extends PeerEditCommand {
  @Parameters(index = "2", paramLabel = "LABEL", description = "What people call it now.")
  private String label = "";

  RenamePeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  Edit edit(Configuration file, PeerSettings before, KnownPeer peer) throws CommandFailure {
    PeerChoices.checkName(label);
    boolean taken =
        Stream.concat(file.peers().stream(), file.barred().stream())
            .filter(other -> !other.publicKey().equals(before.publicKey()))
            .anyMatch(other -> label.equals(other.label()));
    if (taken) {
      throw new CommandFailure("there is already a peer called " + label);
    }
    PeerSettings after = before.called(label);
    return new Edit(
        text -> ConfigurationEditor.changePeer(text, before, after),
        after,
        !peer.disabled(),
        "peer " + peer.shown() + " is called " + label + " now");
  }
}
