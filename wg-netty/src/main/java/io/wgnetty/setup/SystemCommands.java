package io.wgnetty.setup;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Programs as processes of this one; they inherit its environment and have no standard input. */
public final class SystemCommands implements CommandRunner {
  /** What prints after its program has ended was left in the background, and is not waited for. */
  private static final long OUTPUT_WAIT_MS = 1000;

  private static final File NO_INPUT = new File("/dev/null");

  private final Map<String, String> environment;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  public SystemCommands(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public @Nullable Path find(String program) {
    for (String folder : environment.getOrDefault("PATH", "").split(":", -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder, program);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file;
      }
    }
    return null;
  }

  @Override
  public CommandResult run(List<String> words, String input)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    var output = new FutureTask<String>(() -> textOf(process.getInputStream()));
    Thread.ofVirtual().name("output-of-" + words.getFirst()).start(output);
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It has ended without reading; its status tells whether that is an error.
    }
    int status = await(process);
    return new CommandResult(status, taken(output));
  }

  private static String textOf(InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  private static String taken(FutureTask<String> output) throws InterruptedException {
    try {
      return output.get(OUTPUT_WAIT_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return "";
    }
  }

  @Override
  public int show(List<String> words, Consumer<String> lines)
      throws IOException, InterruptedException {
    InputStream output;
    Process process;
    try (OutputPipe pipe = OutputPipe.open()) {
      output = pipe.input();
      process = startInto(pipe, words);
    }
    running.add(process);
    try {
      OutputLines.handOn(process, output, lines);
    } catch (InterruptedException e) {
      kill(process);
      throw e;
    } finally {
      running.remove(process);
    }
    return await(process);
  }

  private static Process startInto(OutputPipe pipe, List<String> words) throws IOException {
    try {
      return new ProcessBuilder(words)
          .redirectInput(NO_INPUT)
          .redirectErrorStream(true)
          .redirectOutput(pipe.output())
          .start();
    } catch (IOException | RuntimeException e) {
      pipe.input().close();
      throw e;
    }
  }

  private int await(Process process) throws InterruptedException {
    running.add(process);
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      kill(process);
      throw e;
    } finally {
      running.remove(process);
    }
  }

  @Override
  public void killRunning() {
    running.forEach(SystemCommands::kill);
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
