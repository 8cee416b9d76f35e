package io.wgnetty.node;

import io.wgnetty.control.AnswerWriter;
import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.control.Operations;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a management request can ask of an interface that a configuration file describes.
 *
 * <p>None of these keeps {@code wg} from the node meanwhile: hooks call it.
 */
public final class FileOperations {
  /** Under which {@code status} tells the file. */
  public static final String FILE_KEY = "file";

  /** What an operation did, for a person. */
  public static final String REPORT_KEY = "report";

  /** A line that a command of the file printed. */
  public static final String OUTPUT_KEY = "output";

  /** Something that failed while the rest was done. */
  public static final String FAILED_KEY = "failed";

  /** A further line of the message of a failure. */
  public static final String DETAIL_KEY = "detail";

  /** Argument of {@code down}: goes on, whatever fails. */
  public static final String FORCE_KEY = "force";

  /** EIO: it was done, and something of it failed. */
  private static final int FAILED = 5;

  private static final Logger LOG = LoggerFactory.getLogger(FileOperations.class);

  private final Path file;
  private final DirectoryRun directory;
  private volatile @Nullable ConfiguredNode node;

  FileOperations(Path file, DirectoryRun directory) {
    this.file = file;
    this.directory = directory;
  }

  /** From now on the interface is set up, and can be asked. */
  void use(ConfiguredNode ready) {
    node = ready;
  }

  /** The given ones and those of the file. */
  Operations addTo(Operations others, DeviceControl device) {
    return others
        .showing(device, directory::tell)
        .with("cluster", directory::tellCluster)
        .with("status", this::status)
        .with("reload", lasting(this::reload))
        .with("reload_peer", lasting(this::reloadPeer))
        .with("reload_peers", lasting(this::reloadPeers))
        .with("save", lasting(this::save))
        .with("down", lasting(this::down));
  }

  private void status(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    out.line("state", node == null ? "starting" : "up");
    out.line(FILE_KEY, file.toString());
    out.line("pid", ProcessHandle.current().pid());
  }

  /**
   * What runs commands or looks names up may take minutes; what only reads does not wait for it.
   */
  private static Operation lasting(Operation operation) {
    return operation.at(Operation.Pace.LASTING);
  }

  private void reload(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    try {
      out.line(REPORT_KEY, configured().reload());
    } catch (CommandFailure e) {
      throw failure(e, out);
    }
  }

  private void reloadPeer(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    PublicKey key = key(arguments, "peer");
    reloadPeers(key, key, out);
  }

  private void reloadPeers(Map<String, String> arguments, AnswerWriter out)
      throws OperationFailure {
    reloadPeers(key(arguments, "first"), key(arguments, "last"), out);
  }

  private void reloadPeers(PublicKey first, PublicKey last, AnswerWriter out)
      throws OperationFailure {
    try {
      out.line(REPORT_KEY, configured().reloadPeers(first, last));
    } catch (CommandFailure e) {
      throw failure(e, out);
    }
  }

  private static PublicKey key(Map<String, String> arguments, String name) throws OperationFailure {
    try {
      return PublicKey.fromHex(arguments.getOrDefault(name, ""));
    } catch (IllegalArgumentException e) {
      throw new OperationFailure(name + "= takes a key of 64 hexadecimal digits");
    }
  }

  private void save(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    try {
      configured().save();
    } catch (CommandFailure e) {
      throw failure(e, out);
    }
    out.line(REPORT_KEY, "saved to " + file);
  }

  private void down(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    ConfiguredNode leaving = configured();
    boolean force = "true".equals(arguments.get(FORCE_KEY));
    leaving.printTo(line -> outputLine(out, line));
    boolean gone = true;
    List<String> failures;
    try {
      failures = force ? leaving.down() : leaving.downUnlessThatLosesSomething();
    } catch (CommandFailure e) {
      gone = false;
      OperationFailure failure = failure(e, out);
      out.line(
          DETAIL_KEY,
          "It stays up. To go on all the same: wg-netty down --force " + leaving.name());
      throw failure;
    } finally {
      leaving.printTo(line -> {});
      if (gone) {
        leaving.end();
      }
    }
    for (String failure : failures) {
      out.line(FAILED_KEY, failure);
    }
    if (!failures.isEmpty()) {
      throw new OperationFailure("is down, but not all went well", FAILED);
    }
  }

  /** A client that has gone does not stop what it asked for. */
  private static void outputLine(AnswerWriter out, String line) {
    try {
      out.line(OUTPUT_KEY, line);
      out.flush();
    } catch (OperationFailure e) {
      LOG.debug("nobody reads what a command prints: {}", line);
    }
  }

  /** The first line is the message, what follows the details of it. */
  private static OperationFailure failure(CommandFailure e, AnswerWriter out)
      throws OperationFailure {
    List<String> lines = String.valueOf(e.getMessage()).lines().toList();
    for (String line : lines.subList(1, lines.size())) {
      out.line(DETAIL_KEY, line);
    }
    return new OperationFailure(lines.getFirst());
  }

  private ConfiguredNode configured() throws OperationFailure {
    ConfiguredNode configured = node;
    if (configured == null) {
      throw new OperationFailure("the interface is still being set up");
    }
    return configured;
  }
}
