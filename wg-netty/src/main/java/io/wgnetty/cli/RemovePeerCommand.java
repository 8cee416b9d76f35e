package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.EditLock;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.client.PeerChangeRun;
import io.wgnetty.client.PeerRequest;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** A peer goes: out of the file, and out of the running node. */
@Command(
    name = "remove-peer",
    description = "Removes a peer from an interface's file and the running node.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty remove-peer wg0 phone",
      "  wg-netty remove-peer wg0 mnp9LUuo",
      "",
      "The rest of the file, its comments and order, stays as it is, and so do all",
      "other peers."
    })
final class RemovePeerCommand extends PeerCommand {
  RemovePeerCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    EditLock.during(target.file(), () -> removeFrom(sockets, target));
    return 0;
  }

  private void removeFrom(ControlSockets sockets, NodeTarget target) throws CommandFailure {
    List<KnownPeer> peers = KnownPeer.all(sockets, target);
    KnownPeer peer = KnownPeer.find(peers, wanted, target.name());
    PublicKey key = peer.publicKey();
    boolean running =
        new PeerChangeRun(sockets, target, List.of(key))
            .apply(
                text -> ConfigurationEditor.removePeer(text, key),
                () -> PeerRequest.remove(List.of(key)),
                Map.of());
    note(
        "%s: removed peer %s%s"
            .formatted(target.name(), peer.shown(), running ? "" : " (it is not running)"));
  }
}
