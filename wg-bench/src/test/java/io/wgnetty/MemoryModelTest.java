package io.wgnetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs everything that is read without a lock while it is written, millions of times on two
 * processors: the classes named {@code ...Stress}. Each says which results it may have.
 */
class MemoryModelTest {
  /** Enough on any machine: what it takes follows from the options below. */
  private static final long PATIENCE_MINUTES = 10;

  @Test
  void shouldShowNothingThatIsNotAllowed(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    Process run =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    "org.openjdk.jcstress.Main",
                    "-t",
                    "io.wgnetty",
                    "-f",
                    "1",
                    "-iters",
                    "5",
                    "-time",
                    "200",
                    "-sc",
                    "false",
                    "-jvmArgs",
                    "-XX:+UseSerialGC",
                    "-v",
                    "-r",
                    "results"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(run.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
    } finally {
      run.destroyForcibly();
    }
    String said = Files.readString(output);
    assertThat(run.exitValue()).as(said).isZero();
    assertThat(said)
        .contains("AllowedIpsStress.Move", "AllowedIpsStress.Reshape", "PeerCountersStress.Bytes")
        .doesNotContain("FAILED", "ERROR")
        .contains("Failed tests: No matches.", "Error tests: No matches.");
  }
}
