package io.wgnetty.client;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.FileFailure;
import io.wgnetty.config.FileReplacement;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A change of some of an interface's peers: in its file, and in the running node. Either both have
 * it in the end, or none. No other peer is touched, neither in the file nor in the node.
 */
public final class PeerChangeRun {
  private final ControlSockets sockets;
  private final NodeTarget target;
  private final List<PublicKey> keys;

  /**
   * Nothing is changed yet.
   *
   * @param keys the peers; several stand one after the other in the file when it is changed
   */
  public PeerChangeRun(ControlSockets sockets, NodeTarget target, List<PublicKey> keys) {
    this.sockets = sockets;
    this.target = target;
    this.keys = List.copyOf(keys);
  }

  /**
   * Makes the change.
   *
   * @param inFile the file's new text
   * @param request the same as a {@code set=1}, for a node that does not read the file
   * @param labels the peers' names, for such a node
   * @return whether a node is running, and has the change
   */
  public boolean apply(
      UnaryOperator<byte[]> inFile, Supplier<byte[]> request, Map<PublicKey, String> labels)
      throws CommandFailure {
    Path file = target.file();
    if (file == null) {
      set(request, labels);
      return true;
    }
    byte[] before = read(file);
    byte[] after = inFile.apply(before);
    try {
      replace(file, before, after);
      return tellNode(file, before, request, labels);
    } finally {
      Arrays.fill(before, (byte) 0);
      Arrays.fill(after, (byte) 0);
    }
  }

  private static byte[] read(Path file) throws CommandFailure {
    try {
      return ConfigurationFile.bytes(file);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + FileFailure.reason(e));
    }
  }

  private static void replace(Path file, byte[] before, byte[] after) throws CommandFailure {
    if (Arrays.equals(before, after)) {
      return; // a peer that only the node has
    }
    byte[] now = read(file);
    boolean same = Arrays.equals(now, before);
    Arrays.fill(now, (byte) 0);
    if (!same) {
      throw new CommandFailure(file + " was changed by somebody else just now; try again");
    }
    try {
      FileReplacement.replace(file, after);
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + FileFailure.reason(e));
    }
  }

  private boolean tellNode(
      Path file, byte[] before, Supplier<byte[]> request, Map<PublicKey, String> labels)
      throws CommandFailure {
    try {
      if (!sockets.isRunning(target.name())) {
        return false;
      }
      reload(request, labels);
      return true;
    } catch (CommandFailure e) {
      try {
        FileReplacement.replace(file, before);
      } catch (IOException again) {
        throw e.with(
            e.getMessage()
                + "; and "
                + file
                + " could not be restored: "
                + FileFailure.reason(again));
      }
      throw e.with(e.getMessage() + "; " + file + " is as it was");
    }
  }

  /** A node that has the file takes the peers from there, with their routes and names. */
  private void reload(Supplier<byte[]> request, Map<PublicKey, String> labels)
      throws CommandFailure {
    String first = keys.getFirst().toHex();
    String last = keys.getLast().toHex();
    boolean one = keys.size() == 1;
    String word = one ? "reload_peer" : "reload_peers";
    var arguments =
        one
            ? List.of(Map.entry("peer", first))
            : List.of(Map.entry("first", first), Map.entry("last", last));
    Reply reply;
    try (var client = ManagementClient.connect(sockets, target.name())) {
      reply = client.ask(word, arguments, (name, value) -> {});
    }
    if (!reply.ours() || !reply.known()) {
      set(request, labels);
    } else {
      reply.orFail(target.name(), word);
    }
  }

  private void set(Supplier<byte[]> request, Map<PublicKey, String> labels) throws CommandFailure {
    try (var client = ManagementClient.connect(sockets, target.name())) {
      client.set(request.get());
    }
    for (Map.Entry<PublicKey, String> each : labels.entrySet()) {
      // Harmless if it cannot: other implementations know no names.
      Reply reply;
      try (var client = ManagementClient.connect(sockets, target.name())) {
        reply =
            client.ask(
                "label",
                List.of(
                    Map.entry("peer", each.getKey().toHex()), Map.entry("label", each.getValue())),
                (name, value) -> {});
      }
      if (!reply.ours()) {
        return;
      }
    }
  }
}
