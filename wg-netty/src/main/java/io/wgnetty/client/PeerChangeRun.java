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
import org.jspecify.annotations.Nullable;

/**
 * A change of one of an interface's peers: in its file, and in the running node. Either both have
 * it in the end, or none. No other peer is touched, neither in the file nor in the node.
 */
public final class PeerChangeRun {
  private final ControlSockets sockets;
  private final NodeTarget target;
  private final PublicKey key;

  public PeerChangeRun(ControlSockets sockets, NodeTarget target, PublicKey key) {
    this.sockets = sockets;
    this.target = target;
    this.key = key;
  }

  /**
   * Makes the change.
   *
   * @param inFile the file's new text
   * @param request the same as a {@code set=1}, for a node that does not read the file
   * @param label the peer's name, for such a node; {@code null} if it has none
   * @return whether a node is running, and has the change
   */
  public boolean apply(
      UnaryOperator<byte[]> inFile, Supplier<byte[]> request, @Nullable String label)
      throws CommandFailure {
    Path file = target.file();
    if (file == null) {
      set(request, label);
      return true;
    }
    byte[] before = read(file);
    byte[] after = inFile.apply(before);
    try {
      replace(file, before, after);
      return tellNode(file, before, request, label);
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
      Path file, byte[] before, Supplier<byte[]> request, @Nullable String label)
      throws CommandFailure {
    try {
      if (!sockets.isRunning(target.name())) {
        return false;
      }
      reload(request, label);
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

  /** A node that has the file takes the peer from there, with its routes and its name. */
  private void reload(Supplier<byte[]> request, @Nullable String label) throws CommandFailure {
    Reply reply;
    try (var client = ManagementClient.connect(sockets, target.name())) {
      reply =
          client.ask("reload_peer", List.of(Map.entry("peer", key.toHex())), (name, value) -> {});
    }
    if (!reply.ours() || !reply.known()) {
      set(request, label);
    } else {
      reply.orFail(target.name(), "reload_peer");
    }
  }

  private void set(Supplier<byte[]> request, @Nullable String label) throws CommandFailure {
    try (var client = ManagementClient.connect(sockets, target.name())) {
      client.set(request.get());
    }
    if (label != null) {
      // Harmless if it cannot: other implementations know no names.
      try (var client = ManagementClient.connect(sockets, target.name())) {
        client.ask(
            "label",
            List.of(Map.entry("peer", key.toHex()), Map.entry("label", label)),
            (name, value) -> {});
      }
    }
  }
}
