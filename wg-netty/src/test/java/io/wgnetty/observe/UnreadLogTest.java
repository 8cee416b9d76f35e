package io.wgnetty.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** A process whose standard error nobody reads: a pipe holds 64 KiB, then it blocks. */
@Timeout(120)
class UnreadLogTest {
  private static final int LINES = 20_000;

  /** Says a lot, tells on standard output that it got through, and ends when its input does. */
  static final class Talker {
    private Talker() {}

    public static void main(String[] arguments) throws IOException {
      LogLevel.INFO.install();
      var log = LoggerFactory.getLogger("io.wgnetty.Talker");
      for (int i = 0; i < LINES; i++) {
        log.info("{} {}", i, "x".repeat(100));
      }
      System.out.println("said");
      while (System.in.read() >= 0) {
        // until the test has seen enough
      }
      log.info("the last words");
      System.exit(0);
    }
  }

  private static Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Talker.class.getName())
        .start();
  }

  @Test
  void shouldGoOnAndEndThoughNobodyReads() throws Exception {
    Process process = start();
    try (BufferedReader said = process.inputReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("said");
      process.getOutputStream().close();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void shouldWriteTheLastWordsAndWhatIsMissingOnceSomebodyReads() throws Exception {
    Process process = start();
    try (BufferedReader said = process.inputReader(UTF_8);
        BufferedReader log = process.errorReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("said");
      process.getOutputStream().close();
      var lines = log.lines().toList();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("ended").isTrue();
      var notices = lines.stream().filter(line -> line.contains("lines dropped")).toList();
      assertThat(notices).hasSize(1);
      long missing = Long.parseLong(notices.get(0).replaceFirst(".*: ", ""));
      long written = lines.stream().filter(line -> line.contains(" Talker: ")).count();
      assertThat(written + missing).isEqualTo(LINES + 1);
      assertThat(missing).isPositive();
    } finally {
      process.destroyForcibly();
    }
  }
}
