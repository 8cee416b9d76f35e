package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import picocli.CommandLine.Command;

/** A peer is cut off, and everything about it is kept. */
@Command(
    name = "disable-peer",
    description = {
      "Cuts a peer off, and keeps what the file says of it.",
      "",
      "Its session ends at once. Its section stays in the file as comments, for wg-quick as well,"
          + " and its addresses stay its own."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  wg-netty disable-peer wg0 phone", "  wg-netty enable-peer wg0 phone"})
final class DisablePeerCommand extends PeerEditCommand {
  DisablePeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  Edit edit(Configuration file, PeerSettings before, KnownPeer peer) throws CommandFailure {
    if (peer.disabled()) {
      throw new CommandFailure("peer " + peer.shown() + " is disabled already");
    }
    return new Edit(
        text -> ConfigurationEditor.disablePeer(text, before.publicKey()),
        before,
        false,
        "disabled peer " + peer.shown());
  }
}
