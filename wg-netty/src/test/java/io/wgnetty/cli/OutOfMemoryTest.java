package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node without memory neither works nor ends by itself: however it is started, its Java virtual
 * machine is told to end then. The launcher is tried with a {@code java} that prints how it is
 * called.
 */
@Timeout(60)
class OutOfMemoryTest {
  private static final Path TREE = Path.of("..").toAbsolutePath().normalize();
  private static final String OPTION = "-XX:+ExitOnOutOfMemoryError";
  private static final Pattern VERSION = Pattern.compile("(?m)^version=(.*)$");

  @TempDir private Path home;

  /** An installed program, in which everything but the launcher is a stand-in. */
  @BeforeEach
  void install() throws IOException {
    Path lib = Files.createDirectories(home.resolve("bin/lib"));
    for (String part : List.of("distribution", "rights", "words")) {
      Files.copy(TREE.resolve("bin/lib").resolve(part), lib.resolve(part));
    }
    program("bin/wg-netty", Files.readString(TREE.resolve("bin/wg-netty")));
    program(
        "runtime/bin/java",
        "#!/bin/bash\n[ -e '" + called() + "' ] || printf '%s\\n' \"$@\" >'" + called() + "'\n");
    Files.writeString(home.resolve("runtime/release"), "JAVA_VERSION=\"25\"\n");
    Matcher version = VERSION.matcher(Files.readString(lib.resolve("distribution")));
    assertThat(version.find()).isTrue();
    Path distribution = Files.createDirectories(home.resolve("distribution"));
    Files.writeString(distribution.resolve("wg-netty-" + version.group(1) + ".jar"), "x");
    // Its start-up cache is made, as far as it knows.
    Path runtime = home.resolve("runtime").toRealPath();
    Files.writeString(
        distribution.resolve(".trained"),
        runtime + "\n" + Files.readString(home.resolve("runtime/release")));
    Files.setLastModifiedTime(
        distribution.resolve(".trained"),
        java.nio.file.attribute.FileTime.fromMillis(System.currentTimeMillis() + 60_000));
  }

  private Path called() {
    return home.resolve("called");
  }

  private void program(String name, String text) throws IOException {
    Path file = home.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** With what arguments the launcher calls Java. */
  private List<String> started(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/wg-netty").toString()));
    command.addAll(arguments);
    Path said = home.resolve("said");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(called()).as(Files.readString(said)).exists();
    return Files.readAllLines(called());
  }

  static Stream<List<String>> shouldEndWithoutMemoryHoweverItIsStarted() throws IOException {
    String unit = Files.readString(TREE.resolve("deploy/systemd/wg-netty@.service"));
    String image = Files.readString(TREE.resolve("docker/Dockerfile"));
    return Stream.of(
        List.of("-f", "wg9"),
        List.of("wg9"),
        List.of("up", "wg9"),
        List.of("run", "wg9"),
        words(unit, "(?m)^ExecStart=/usr/bin/wg-netty (.*)$", " "),
        words(image, "(?m)^ENTRYPOINT \\[\"/usr/local/bin/wg-netty\"\\]\nCMD \\[(.*)\\]$", ", "));
  }

  private static List<String> words(String text, String pattern, String separator) {
    Matcher found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return Stream.of(found.group(1).split(separator)).map(word -> word.replace("\"", "")).toList();
  }

  @ParameterizedTest
  @MethodSource
  void shouldEndWithoutMemoryHoweverItIsStarted(List<String> arguments) throws Exception {
    List<String> java = started(arguments);
    assertThat(java).contains(OPTION).contains("io.wgnetty.cli.Main");
    assertThat(java.indexOf(OPTION)).isLessThan(java.indexOf("io.wgnetty.cli.Main"));
  }

  /** What uses the heap up, in another thread than the first, which waits for ever. */
  public static final class Hungry {
    private static final List<byte[]> EATEN = new ArrayList<>();

    private Hungry() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread eater =
          new Thread(
              () -> {
                while (true) {
                  EATEN.add(new byte[1 << 20]);
                }
              });
      eater.start();
      eater.join();
      Thread.sleep(TimeUnit.MINUTES.toMillis(10));
    }
  }

  @Test
  void shouldReallyEndWithItsStatus() throws Exception {
    List<String> options = started(List.of("-f", "wg9"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options.subList(0, options.indexOf("-cp")));
    command.add("-Xmx64m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Hungry.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isEqualTo(3);
  }
}
