package io.wgnetty.cli;

import io.wgnetty.control.UapiServer;
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
        commandLine(
                DeviceNode::start,
                System.getenv(),
                UapiServer.DIRECTORY,
                StandardStreams.ofProcess())
            .execute(arguments));
  }

  static CommandLine commandLine(
      NodeStarter starter,
      Map<String, String> environment,
      Path socketDirectory,
      StandardStreams streams) {
    var failures = new Failures(streams, environment);
    return new CommandLine(
            new RunCommand(starter, environment, socketDirectory), new CommandFactory(streams))
        .setParameterExceptionHandler((e, arguments) -> failures.wrongArguments(e))
        .setExecutionExceptionHandler((e, command, parsed) -> failures.failed(e));
  }
}
