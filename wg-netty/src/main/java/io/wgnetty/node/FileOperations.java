package io.wgnetty.node;

import io.wgnetty.control.AnswerWriter;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.control.Operations;
import io.wgnetty.crypto.PublicKey;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a management request can ask of an interface that a configuration file describes.
 *
 * <p>None of these keeps {@code wg} from the node meanwhile: hooks call it.
 */
public final class FileOperations {
  /** Under which {@code status} tells the file. */
  public static final String FILE_KEY = "file";

  private final Path file;
  private volatile @Nullable ConfiguredNode node;

  FileOperations(Path file) {
    this.file = file;
  }

  /** From now on the interface is set up, and can be asked. */
  void use(ConfiguredNode ready) {
    node = ready;
  }

  /** The given ones and those of the file. */
  Operations addTo(Operations others) {
    return others
        .with("status", this::status)
        .with("reload", this::reload)
        .with("reload_peer", this::reloadPeer)
        .with("down", this::down);
  }

  private void status(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    out.line("state", node == null ? "starting" : "up");
    out.line(FILE_KEY, file.toString());
    out.line("pid", ProcessHandle.current().pid());
  }

  private void reload(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    try {
      out.line("report", configured().reload());
    } catch (CommandFailure e) {
      throw new OperationFailure(String.valueOf(e.getMessage()));
    }
  }

  private void reloadPeer(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    PublicKey key;
    try {
      key = PublicKey.fromHex(arguments.getOrDefault("peer", ""));
    } catch (IllegalArgumentException e) {
      throw new OperationFailure("peer= takes a key of 64 hexadecimal digits");
    }
    try {
      out.line("report", configured().reloadPeer(key));
    } catch (CommandFailure e) {
      throw new OperationFailure(String.valueOf(e.getMessage()));
    }
  }

  private void down(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    ConfiguredNode leaving = configured();
    try {
      for (String failure : leaving.down()) {
        out.line("failed", failure);
      }
    } finally {
      leaving.end();
    }
  }

  private ConfiguredNode configured() throws OperationFailure {
    ConfiguredNode configured = node;
    if (configured == null) {
      throw new OperationFailure("the interface is still being set up");
    }
    return configured;
  }
}
