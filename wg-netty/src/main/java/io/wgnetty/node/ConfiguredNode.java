package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.InterfaceComment;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.handover.Estate;
import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.setup.ConfigurationWatch;
import io.wgnetty.setup.ConfiguredInterface;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.InterfaceSetup;
import io.wgnetty.setup.NameWatch;
import io.wgnetty.setup.ReloadReport;
import io.wgnetty.setup.SetupException;
import io.wgnetty.setup.SetupTools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One interface that a configuration file describes, from its creation to its end: the node, its
 * control socket, and what is set up around it.
 */
public final class ConfiguredNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredNode.class);

  private final ConfigurationSource source;
  private final NodeRun run;
  private final ConfiguredInterface configured;
  private final NodeStarter starter;
  private final @Nullable ConfigurationWatch watch;
  private final DirectoryRun directory;
  private @Nullable NameWatch nameWatch;
  private boolean down;

  /** Another process has it still. */
  private volatile boolean anothers;

  ConfiguredNode(
      ConfigurationSource source,
      NodeRun run,
      ConfiguredInterface configured,
      DirectoryRun directory,
      NodeSurroundings surroundings) {
    this.source = source;
    this.run = run;
    this.configured = configured;
    this.directory = directory;
    this.starter = surroundings.starter();
    starter.expires(source.name(), configured.state()::expired);
    this.watch =
        surroundings.watch() ? ConfigurationWatch.start(source.file(), this::reloadAndLog) : null;
  }

  /**
   * Reads the file, creates the interface and sets it up.
   *
   * @param hookOutput takes what commands of the file print meanwhile
   * @throws CommandFailure if that is not possible; then nothing is left of it
   */
  static ConfiguredNode start(
      ConfigurationSource source, NodeSurroundings surroundings, Consumer<String> hookOutput)
      throws CommandFailure {
    if (surroundings.taker() != null) {
      return InheritedNode.takeOver(surroundings.taker(), source, surroundings);
    }
    Configuration configuration = source.read();
    source.warnOfRescued();
    MetricsInTunnel.warn(source.name(), configuration, surroundings.options());
    var directory = new DirectoryRun();
    var operations = new FileOperations(source.file(), directory);
    try {
      Map<String, String> comments = configuration.comments();
      ClusterOptions cluster = surroundings.cluster(source, comments);
      NodeRun run =
          NodeRun.start(
              surroundings.starter(),
              source.name(),
              null,
              null,
              surroundings.options().inCluster(cluster),
              surroundings.socketDirectory(),
              (known, device) -> surroundings.upgrade().addTo(operations.addTo(known, device)));
      try {
        var node =
            new ConfiguredNode(
                source,
                run,
                InterfaceSetup.up(
                    run.node().control(),
                    source.name(),
                    configuration,
                    SetupTools.ofThisSystem(),
                    source,
                    hookOutput,
                    surroundings.failClosed()),
                directory,
                surroundings);
        surroundings.starter().reloaded(source.name(), true);
        operations.use(node);
        node.watchNames();
        node.beginDirectory(
            surroundings.directory(), comments.get(InterfaceComment.PEERS), cluster);
        return node;
      } catch (SetupException | IOException | RuntimeException e) {
        run.close();
        throw e;
      }
    } catch (SetupException | IOException | RuntimeException | LinkageError e) {
      LOG.debug("cannot set {} up", source.name(), e);
      throw new CommandFailure(source.name() + ": " + CommandFailure.firstLine(e));
    } finally {
      configuration.wipe();
    }
  }

  /** What it has is another process's, for good or until {@link #begun}. */
  void belongsToAnother() {
    anothers = true;
  }

  /** The other process has let go of it. */
  synchronized void begun() {
    anothers = false;
    starter.reloaded(source.name(), true);
    configured.state().begin();
    watchNames();
    run.begun();
  }

  /**
   * What another process would take over.
   *
   * @throws CommandFailure if it would not be as it is
   */
  synchronized Estate estate() throws CommandFailure {
    return ConfiguredEstate.of(this, source, configured, directory, run.estate());
  }

  private void requireOurs() throws CommandFailure {
    if (anothers) {
      throw new CommandFailure(source.name() + ": another process has it");
    }
  }

  /** If it cannot be begun, the interface goes down again. */
  private void beginDirectory(
      DirectoryOptions options, @Nullable String said, ClusterOptions cluster)
      throws CommandFailure {
    try {
      directory.start(configured.beside(), options, said, cluster);
      if (directory.status() != null) {
        starter.hasDirectory(source.name(), directory::present);
      }
      if (directory.cluster() != null) {
        starter.hasCluster(source.name(), directory::presentCluster);
      }
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new CommandFailure(source.name() + ": was interrupted");
    } catch (CommandFailure e) {
      close();
      throw e;
    }
  }

  String name() {
    return source.name();
  }

  boolean isAlive() {
    return run.isAlive();
  }

  String awaitEnd() throws CommandFailure {
    return run.awaitEnd();
  }

  /**
   * Reads the file again and changes what differs.
   *
   * @return what was changed, in one line
   * @throws CommandFailure if the file has errors, and nothing was changed; or if something could
   *     not be changed, which the message says beside what could
   */
  synchronized String reload() throws CommandFailure {
    requireOurs();
    boolean applied = false;
    try {
      String report = readAgain();
      applied = true;
      return report;
    } catch (CommandFailure e) {
      run.node().events().reloadFailed(String.valueOf(e.getMessage()));
      throw e;
    } finally {
      starter.reloaded(source.name(), applied);
    }
  }

  private String readAgain() throws CommandFailure {
    Configuration configuration = source.read();
    try {
      ReloadReport report = configured.reload(configuration);
      watchNames();
      if (!report.failures().isEmpty()) {
        throw new CommandFailure(source.name() + ": " + report);
      }
      String note = directory.afterReload(configuration.comments().get(InterfaceComment.PEERS));
      if (note != null) {
        LOG.warn("interface {}: {}", source.name(), note);
      }
      return note == null ? report.toString() : report + "; " + note;
    } catch (SetupException | RuntimeException e) {
      throw new CommandFailure(source.name() + ": " + CommandFailure.firstLine(e));
    } finally {
      configuration.wipe();
    }
  }

  /**
   * Makes some peers what the file says of them, and nothing else.
   *
   * @param last of those that stand in the file from {@code first} on; the same for one peer, which
   *     then may also be one that the file no longer has
   * @return what was changed, in one line
   * @throws CommandFailure if the file has errors, or the peers cannot be as it says
   */
  synchronized String reloadPeers(PublicKey first, PublicKey last) throws CommandFailure {
    requireOurs();
    Configuration configuration = source.read();
    try {
      Set<PublicKey> keys =
          first.equals(last) ? Set.of(first) : configuration.keysBetween(first, last);
      ReloadReport report = configured.reloadPeers(configuration, keys);
      watchNames();
      if (!report.failures().isEmpty()) {
        throw new CommandFailure(source.name() + ": " + report);
      }
      return report.toString();
    } catch (SetupException | RuntimeException e) {
      throw new CommandFailure(source.name() + ": " + CommandFailure.firstLine(e));
    } finally {
      configuration.wipe();
    }
  }

  /** Looks after endpoints that are names, if there are any. */
  private synchronized void watchNames() {
    if (nameWatch == null && !down && configured.hasNames()) {
      nameWatch = NameWatch.start(configured);
    }
  }

  void reloadAndLog() {
    try {
      reload(); // what it changed is logged there
    } catch (CommandFailure e) {
      LOG.error("reload of {}: {}", source.name(), e.getMessage());
    }
  }

  /**
   * Writes the running state to the file.
   *
   * @throws CommandFailure if that is not possible; the file is as it was
   */
  synchronized void save() throws CommandFailure {
    requireOurs();
    try {
      configured.save();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(source.name() + ": was interrupted");
    } catch (SetupException | RuntimeException e) {
      throw new CommandFailure(source.name() + ": " + CommandFailure.firstLine(e));
    }
  }

  /**
   * Takes the interface down as {@code wg-quick down} does. Its control socket stays until {@link
   * #close}.
   *
   * @return what failed meanwhile, each in a line
   */
  synchronized List<String> down() {
    directory.close();
    return down || anothers ? List.of() : closeAround(configured.down());
  }

  /**
   * The same for somebody who can be asked.
   *
   * @throws CommandFailure if a PreDown command failed, or the state could not be saved; the
   *     interface stays as it is
   */
  synchronized List<String> downUnlessThatLosesSomething() throws CommandFailure {
    requireOurs();
    if (down) {
      return List.of();
    }
    try {
      return closeAround(configured.downUnlessThatLosesSomething());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(source.name() + ": was interrupted");
    } catch (SetupException e) {
      throw new CommandFailure(CommandFailure.firstLine(e));
    }
  }

  private List<String> closeAround(List<String> before) {
    down = true;
    directory.close();
    if (nameWatch != null) {
      nameWatch.close();
    }
    List<String> failures = new ArrayList<>(before);
    run.closeNode();
    failures.addAll(configured.afterDown());
    return failures;
  }

  /** From now on what commands of the file print goes there, too. */
  void printTo(Consumer<String> lines) {
    configured.printTo(lines);
  }

  /** Lets go of an interface that was taken down. */
  void end() {
    run.end("taken down");
  }

  /** Takes it down, whatever fails meanwhile, and removes the socket. */
  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
    down();
    run.close();
  }
}
