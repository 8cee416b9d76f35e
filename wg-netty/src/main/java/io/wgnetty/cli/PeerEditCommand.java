package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.EditLock;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.client.PeerChangeRun;
import io.wgnetty.client.PeerRequest;
import io.wgnetty.client.ServerFacts;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A change of one peer of the file, put into force at the running node at once. */
abstract class PeerEditCommand extends PeerCommand {
  PeerEditCommand(CommandContext context) {
    super(context);
  }

  /**
   * What is to be done.
   *
   * @param inFile the file's new text
   * @param after what the peer is then
   * @param there whether it may be at the node then
   * @param done in a report, such as {@code "disabled peer phone"}
   */
  record Edit(UnaryOperator<byte[]> inFile, PeerSettings after, boolean there, String done) {}

  /**
   * Decides that.
   *
   * @param file the whole file
   * @param before what it says of the peer
   * @param peer the same with what runs
   */
  abstract Edit edit(Configuration file, PeerSettings before, KnownPeer peer) throws CommandFailure;

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    if (target.file() == null) {
      throw new CommandFailure(
          target.name() + " has no configuration file that could say so; wg set changes its peers");
    }
    EditLock.during(target.file(), () -> change(sockets, target));
    return 0;
  }

  private void change(ControlSockets sockets, NodeTarget target) throws CommandFailure {
    KnownPeer peer = KnownPeer.find(KnownPeer.all(sockets, target), wanted, target.name());
    if (!peer.configured()) {
      throw new CommandFailure(
          "peer "
              + peer.shown()
              + " is not in "
              + target.file()
              + ": only the running node has it; wg-netty save "
              + target.name()
              + " writes it there");
    }
    Configuration file = ServerFacts.read(target.requiredFile());
    try {
      PublicKey key = peer.publicKey();
      PeerSettings before =
          Stream.concat(file.peers().stream(), file.barred().stream())
              .filter(each -> each.publicKey().equals(key))
              .findFirst()
              .orElseThrow(() -> new CommandFailure("the file was changed just now; try again"));
      Edit edit = edit(file, before, peer);
      try {
        apply(sockets, target, edit);
      } finally {
        edit.after().presharedKey().wipe();
      }
    } finally {
      file.wipe();
    }
  }

  private void apply(ControlSockets sockets, NodeTarget target, Edit edit) throws CommandFailure {
    PeerSettings after = edit.after();
    PublicKey key = after.publicKey();
    String label = after.label();
    boolean running =
        new PeerChangeRun(sockets, target, List.of(key))
            .apply(
                edit.inFile(),
                () ->
                    edit.there()
                        ? PeerRequest.put(List.of(after))
                        : PeerRequest.remove(List.of(key)),
                edit.there() && label != null ? Map.of(key, label) : Map.of());
    note("%s: %s%s".formatted(target.name(), edit.done(), running ? "" : " (it is not running)"));
  }
}
