package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.node.FakeNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole program in a process of its own, because signals and exit codes are a process's. */
@Timeout(120)
class SignalTest {
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir private Path temporary;

  private Process start(String logLevel) throws IOException {
    return start(logLevel, Map.of());
  }

  private Process start(String logLevel, Map<String, String> environment) throws IOException {
    var builder =
        new ProcessBuilder(
            "env",
            "--default-signal=INT", // ignored where these tests run in a shell's background
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            FakeNode.class.getName(),
            temporary.toString(),
            "--foreground",
            "wg0");
    builder.redirectErrorStream(true).redirectOutput(temporary.resolve("log").toFile());
    builder.environment().put("LOG_LEVEL", logLevel);
    builder.environment().putAll(environment);
    // Whatever the environment holds, there is no second process.
    builder.environment().put("WG_PROCESS_FOREGROUND", "0");
    Process process = builder.start();
    await().atMost(START).until(() -> Files.exists(temporary.resolve("wg0.sock")));
    return process;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void shouldEndCleanlyOnSignal(String signal) throws Exception {
    Process process = start("error");
    // The socket is there a moment before the program waits for signals.
    await().atMost(START).until(() -> hasThread(process, "control-watch") || !process.isAlive());
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(temporary.resolve("wg0.sock")).doesNotExist();
    assertThat(temporary.resolve("closed")).exists();
    assertThat(temporary.resolve("log")).isEmptyFile();
  }

  @Test
  void shouldEndWithinSecondsAlsoWhenSomethingHangs() throws Exception {
    Process process = start("error", Map.of("FAKE_NODE_HANGS", "1"));
    await().atMost(START).until(() -> hasThread(process, "control-watch") || !process.isAlive());
    process.destroy();
    assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("no orderly end").isEqualTo(1);
    assertThat(temporary.resolve("closed")).doesNotExist();
  }

  @Test
  void shouldEndWithinSecondsAlsoWhenSomethingHangsAfterTheSocketFileIsRemoved() throws Exception {
    Process process = start("error", Map.of("FAKE_NODE_HANGS", "1"));
    Files.delete(temporary.resolve("wg0.sock"));
    assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
  }

  @Test
  void shouldLogToTheEndWhenASignalCame() throws Exception {
    Process process = start("info");
    await().atMost(START).until(() -> hasThread(process, "control-watch") || !process.isAlive());
    process.destroy();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(temporary.resolve("log"))).contains("interface wg0 has ended");
  }

  private static boolean hasThread(Process process, String name) throws IOException {
    try (var threads = Files.list(Path.of("/proc/" + process.pid() + "/task"))) {
      return threads.anyMatch(
          thread -> {
            try {
              return Files.readString(thread.resolve("comm"), UTF_8).startsWith(name);
            } catch (IOException e) {
              return false;
            }
          });
    }
  }

  @Test
  void shouldEndWithZeroWhenSocketFileIsRemovedAndLogReadably() throws Exception {
    Process process = start("verbose");
    Files.delete(temporary.resolve("wg0.sock"));
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(temporary.resolve("closed")).exists();
    assertThat(Files.readString(temporary.resolve("log")))
        .matches("(?s)(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}\\S+ [A-Z]+ \\w+: .+\\R)+")
        .contains("INFO NodeRun: interface wg0 is ready")
        .contains("INFO NodeProcess: ends: the socket file was removed");
  }
}
