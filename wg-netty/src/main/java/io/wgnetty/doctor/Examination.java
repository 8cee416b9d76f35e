package io.wgnetty.doctor;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.setup.CommandRunner;
import io.wgnetty.setup.SystemCommands;
import io.wgnetty.setup.SystemNames;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Finds out all that there is to know of one interface; changes nothing. */
public final class Examination {
  private final CommandContext context;
  private final @Nullable String peer;
  private final int seconds;
  private final CommandRunner commands;

  /**
   * Of interfaces of this machine.
   *
   * @param peer the only peer to look at, by its name or key; {@code null} for all
   * @param seconds between the two looks at a running node
   */
  public Examination(CommandContext context, @Nullable String peer, int seconds) {
    this.context = context;
    this.peer = peer;
    this.seconds = seconds;
    this.commands = new SystemCommands(context.environment());
  }

  /**
   * Looks at one, and judges it.
   *
   * @throws CommandFailure if there is neither such an interface nor such a file, or it has no such
   *     peer
   */
  public List<Diagnosis> of(String nameOrPath) throws CommandFailure {
    try {
      return Doctor.judge(evidence(nameOrPath));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure("was interrupted");
    }
  }

  private Evidence evidence(String nameOrPath) throws CommandFailure, InterruptedException {
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    var host = new HostExamination(target.name(), commands);
    long lostBefore = host.lostDatagrams();
    long beginNs = System.nanoTime();
    boolean running = sockets.isRunning(target.name());
    NodeExamination node = running ? NodeExamination.begin(sockets, target.name(), peer) : null;
    Path file = target.file();
    FileFacts fileFacts = file == null ? null : new FileExamination(new SystemNames()).of(file);
    List<PathFacts> paths =
        node == null ? List.of() : new PathProbe(commands).probe(target.name(), node.peers());
    NodeFacts nodeFacts = null;
    if (node != null) {
      long restNs = TimeUnit.SECONDS.toNanos(seconds) - (System.nanoTime() - beginNs);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, restNs));
      nodeFacts = node.end();
    }
    return new Evidence(target.name(), host.facts(lostBefore), fileFacts, nodeFacts, paths);
  }
}
