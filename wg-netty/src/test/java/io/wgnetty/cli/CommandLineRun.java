package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.NodeStarter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** One call of the program within the test's process, and what came of it. */
public record CommandLineRun(int exitCode, String out, String err) {
  /** Calls with an input, an empty environment and no way to make an interface. */
  public static CommandLineRun of(String input, String... arguments) {
    return of(
        input,
        Path.of("/dev/null"),
        Map.of(),
        (name, tunFd, options) -> {
          throw new IOException("no interface in this test");
        },
        Path.of("/nonexistent"),
        arguments);
  }

  public static CommandLineRun of(
      String input,
      Path outFile,
      Map<String, String> environment,
      NodeStarter starter,
      Path socketDirectory,
      String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var streams =
        new StandardStreams(
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            outFile);
    int exitCode = Main.run(starter, environment, socketDirectory, streams, arguments);
    return new CommandLineRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** Calls with a standard output of the test's own. */
  public static CommandLineRun to(PrintStream out, Path socketDirectory, String... arguments) {
    var err = new ByteArrayOutputStream();
    var streams =
        new StandardStreams(
            new ByteArrayInputStream(new byte[0]),
            out,
            new PrintStream(err, true, UTF_8),
            Path.of("/dev/null"));
    int exitCode =
        Main.run(
            (name, tunFd, options) -> {
              throw new IOException("no interface in this test");
            },
            Map.of(),
            socketDirectory,
            streams,
            arguments);
    return new CommandLineRun(exitCode, "", err.toString(UTF_8));
  }
}
