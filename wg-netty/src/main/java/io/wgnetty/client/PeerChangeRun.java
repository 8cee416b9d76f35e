package io.wgnetty.client;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.config.FileReplacement;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A change of an interface's peers: in its file, and in the running node. Either both have it in
 * the end, or none.
 */
public final class PeerChangeRun {
  private final ControlSockets sockets;
  private final NodeTarget target;

  public PeerChangeRun(ControlSockets sockets, NodeTarget target) {
    this.sockets = sockets;
    this.target = target;
  }

  /**
   * Makes the change.
   *
   * @param inFile the file's new text
   * @param request the same as a {@code set=1}, for a node that has no file or cannot read it again
   * @return whether a node is running, and has the change
   */
  public boolean apply(UnaryOperator<byte[]> inFile, Supplier<byte[]> request)
      throws CommandFailure {
    Path file = target.file();
    if (file == null) {
      set(request);
      return true;
    }
    byte[] before = read(file);
    byte[] after = inFile.apply(before);
    try {
      replace(file, before, after);
      return tellNode(file, before, request);
    } finally {
      Arrays.fill(before, (byte) 0);
      Arrays.fill(after, (byte) 0);
    }
  }

  private static byte[] read(Path file) throws CommandFailure {
    try {
      return ConfigurationFile.bytes(file);
    } catch (IOException e) {
      throw new CommandFailure("cannot read " + file + ": " + CommandFailure.firstLine(e));
    }
  }

  private static void replace(Path file, byte[] before, byte[] after) throws CommandFailure {
    byte[] now = read(file);
    boolean same = Arrays.equals(now, before);
    Arrays.fill(now, (byte) 0);
    if (!same) {
      throw new CommandFailure(file + " was changed by somebody else just now; try again");
    }
    try {
      FileReplacement.replace(file, after);
    } catch (IOException e) {
      throw new CommandFailure("cannot write " + file + ": " + CommandFailure.firstLine(e));
    }
  }

  private boolean tellNode(Path file, byte[] before, Supplier<byte[]> request)
      throws CommandFailure {
    try {
      if (!sockets.isRunning(target.name())) {
        return false;
      }
      reload(request);
      return true;
    } catch (CommandFailure e) {
      try {
        FileReplacement.replace(file, before);
      } catch (IOException again) {
        throw new CommandFailure(
            e.getMessage() + "; and " + file + " could not be restored: " + again.getMessage());
      }
      throw new CommandFailure(e.getMessage() + "; " + file + " is as it was");
    }
  }

  private void reload(Supplier<byte[]> request) throws CommandFailure {
    Reply reply;
    try (var client = ManagementClient.connect(sockets, target.name())) {
      reply = client.ask("reload", List.of(), (key, value) -> {});
    }
    if (!reply.ours() || !reply.known()) {
      set(request);
    } else {
      reply.orFail(target.name(), "reload");
    }
  }

  private void set(Supplier<byte[]> request) throws CommandFailure {
    try (var client = ManagementClient.connect(sockets, target.name())) {
      client.set(request.get());
    }
  }

  /** Names the peer in a node that has no file to take the name from; harmless if it cannot. */
  public void label(String publicKeyHex, String label) throws CommandFailure {
    if (target.file() == null) {
      try (var client = ManagementClient.connect(sockets, target.name())) {
        client.ask(
            "label",
            List.of(Map.entry("peer", publicKeyHex), Map.entry("label", label)),
            (key, value) -> {});
      }
    }
  }
}
