package io.wgnetty.cli;

import io.wgnetty.control.UapiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The program {@code wg-netty}. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // Before anything makes a logger.
    LogLevel.from(System.getenv()).install();
    System.exit(
        commandLine(
                Main::startNode, System.getenv(), UapiServer.DIRECTORY, StandardStreams.ofProcess())
            .execute(arguments));
  }

  private static RunningNode startNode(String name, @Nullable Integer tunFd) throws IOException {
    throw new IOException("this build has no device");
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
