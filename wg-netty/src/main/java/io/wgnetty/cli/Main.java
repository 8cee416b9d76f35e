package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.control.UapiServer;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.DeviceStarter;
import io.wgnetty.node.NodeOptions;
import io.wgnetty.node.NodeProcess;
import io.wgnetty.node.NodeStarter;
import io.wgnetty.node.Readiness;
import io.wgnetty.node.StateFolders;
import io.wgnetty.node.SystemLog;
import io.wgnetty.observe.LogLevel;
import java.nio.file.Path;
import java.util.Map;

/** The program {@code wg-netty}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    StartUp.prepare();
    // Before anything makes a logger.
    boolean inBackground = Readiness.isAwaited(System.getenv());
    LogLevel.from(System.getenv(), inBackground ? LogLevel.INFO : usualLevel(arguments)).install();
    SystemLog machines = inBackground ? SystemLog.find() : null;
    if (machines != null) {
      LogLevel.addHandler(machines.asPresent());
    }
    System.exit(
        run(
            new DeviceStarter(StateFolders.of(System.getenv(), UapiServer.DIRECTORY)),
            System.getenv(),
            UapiServer.DIRECTORY,
            StandardStreams.ofProcess(),
            arguments));
  }

  /**
   * In the foreground: a program that wg-quick starts says little; one that stands for itself says
   * what it does.
   */
  private static LogLevel usualLevel(String... arguments) {
    return arguments.length > 0 && RunFilesCommand.WORDS.contains(arguments[0])
        ? LogLevel.INFO
        : LogLevel.ERROR;
  }

  /** Does what the arguments say; returns the exit status. */
  public static int run(
      NodeStarter starter,
      Map<String, String> environment,
      Path socketDirectory,
      StandardStreams streams,
      String... arguments) {
    var failures = new Failures(streams, environment);
    var node = new NodeProcess(starter, environment, socketDirectory).calledWith(arguments);
    String name = PlainArguments.interfaceName(arguments);
    if (name == null) {
      return CommandParser.of(
              node, new CommandContext(streams, environment, socketDirectory), failures)
          .execute(arguments);
    }
    try {
      node.run(name, NodeOptions.DEFAULT);
      return 0;
    } catch (CommandFailure | RuntimeException e) {
      return failures.failed(e);
    }
  }
}
