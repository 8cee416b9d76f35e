package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import java.time.Instant;
import picocli.CommandLine.Command;

/** A peer that was disabled is back. */
@Command(
    name = "enable-peer",
    description = "Lets a peer in again that disable-peer has cut off.",
    footerHeading = "%nExample:%n",
    footer = "  wg-netty enable-peer wg0 phone")
final class EnablePeerCommand extends PeerEditCommand {
  EnablePeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  Edit edit(Configuration file, PeerSettings before, KnownPeer peer) throws CommandFailure {
    if (!peer.disabled()) {
      throw new CommandFailure("peer " + peer.shown() + " is not disabled");
    }
    PrefixCheck.free(file, before);
    boolean over = before.isOver(Instant.now().getEpochSecond());
    return new Edit(
        text -> ConfigurationEditor.enablePeer(text, before.publicKey()),
        before,
        !over,
        "enabled peer "
            + peer.shown()
            + (over ? ", who expired at " + PeerFields.expiry(before.notAfter()) : ""));
  }
}
