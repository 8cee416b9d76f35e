package io.wgnetty.cli;

import io.wgnetty.control.UapiServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** The program {@code wg-netty}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // Before anything makes a logger.
    LogLevel.from(System.getenv()).install();
    System.exit(
        run(
            DeviceNode::start,
            System.getenv(),
            UapiServer.DIRECTORY,
            StandardStreams.ofProcess(),
            arguments));
  }

  /** Does what the arguments say; returns the exit status. */
  static int run(
      NodeStarter starter,
      Map<String, String> environment,
      Path socketDirectory,
      StandardStreams streams,
      String... arguments) {
    var failures = new Failures(streams, environment);
    var node = new NodeProcess(starter, environment, socketDirectory);
    String name = PlainArguments.interfaceName(arguments);
    if (name == null) {
      return commandLine(node, streams, failures).execute(arguments);
    }
    try {
      node.run(name);
      return 0;
    } catch (CommandFailure | RuntimeException e) {
      return failures.failed(e);
    }
  }

  static CommandLine commandLine(NodeProcess node, StandardStreams streams, Failures failures) {
    return new CommandLine(new RunCommand(node), new CommandFactory(streams))
        .setOut(new PrintWriter(streams.out(), true, streams.out().charset()))
        .setErr(new PrintWriter(streams.err(), true, streams.err().charset()))
        .setParameterExceptionHandler(
            (e, arguments) -> failures.wrongArguments(e.getMessage() + " (see wg-netty --help)"))
        .setExecutionExceptionHandler((e, command, parsed) -> failures.failed(e));
  }
}
