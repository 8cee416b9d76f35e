package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.device.HelpMode;
import io.wgnetty.node.NodeOptions;
import io.wgnetty.node.Offload;
import io.wgnetty.node.ReadyDescriptor;
import io.wgnetty.observe.LogLevel;
import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.tun.TunOffloads;
import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(strings = {"", "genkey", "pubkey", "genpsk", "demo"})
  void shouldHaveHelpAndVersionEverywhere(String command) {
    var help = command.isEmpty() ? run("--help") : run(command, "--help");
    assertThat(help.exitCode()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: wg-netty").contains("--version");
    var version = command.isEmpty() ? run("--version") : run(command, "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.out()).matches("wg-netty \\S+\\R");
  }

  @Test
  void shouldNameEveryCommandAndVariableInHelp() {
    assertThat(run("--help").out())
        .contains("IFNAME", "--foreground", "genkey", "pubkey", "genpsk", "demo")
        .contains("LOG_LEVEL", "WG_PROCESS_FOREGROUND", "WG_TUN_FD", "WG_UAPI_FD");
    assertThat(run("help", "pubkey").out()).contains("standard input");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"sixteen-letters-", "a/b", "..", ".", "a b", "wg%d", "", "w\u00fc", "wg0\nwg1"})
  void shouldRefuseNameThatNoInterfaceCanHave(String name) {
    var run = run("-f", name);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .startsWith("wg-netty: not an interface name: '")
        .contains("1 to 15")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wg0", "a", "fifteen-letters", "A_=+.-9"})
  void shouldPassAnyOtherNameToTheStarter(String name) {
    var run = run("-f", name);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).isEqualToIgnoringNewLines("wg-netty: " + name + ": started with null");
  }

  @Test
  void shouldRefuseWrongArgumentsInOneLine() {
    for (String[] arguments :
        new String[][] {{}, {"wg0", "wg1"}, {"--unknown", "wg0"}, {"-f"}, {"demo"}}) {
      var run = run(arguments);
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
      assertThat(run.err()).startsWith("wg-netty: ").hasLineCount(1);
    }
  }

  @Test
  void shouldPassOptionsToTheStarter() {
    var asked = new AtomicReference<NodeOptions>();
    CommandLineRun.of(
        "",
        Path.of("/dev/null"),
        Map.of(),
        (name, tunFd, options) -> {
          asked.set(options);
          throw new IOException("enough");
        },
        Path.of("/nonexistent"),
        "-f",
        "--loops",
        "3",
        "--helpers=off",
        "--aead=jdk",
        "--no-offload",
        "tun-tso,udp-gso",
        "wg0");
    assertThat(asked.get())
        .isEqualTo(
            new NodeOptions(
                3,
                HelpMode.OFF,
                "jdk",
                EnumSet.of(Offload.TUN_TSO, Offload.UDP_GSO),
                null,
                0,
                true,
                false,
                null,
                null,
                ClusterOptions.NONE));
  }

  @ParameterizedTest
  @CsvSource({
    "--loops=0, 1 to 64",
    "--metrics-peers=1001, 0 to 1000",
    "--radius=a:1, --radius-secret-file",
    "--radius-secret-file=/x, --radius",
    "--radius-interim=60, --radius",
    "--user=nobody, launcher",
    "--keep=all, launcher",
    "--loops=65, 1 to 64",
    "--loops=-1, 1 to 64",
    "--loops=many, --loops",
    "--helpers=no, 'auto, on or off'",
    "--aead=rot13, boringssl",
    "--no-offload=tso, tun-tso",
    "'--no-offload=tun-tso,,udp-gso', no offload",
  })
  void shouldRefuseOptionsThatCannotBe(String option, String advice) {
    var run = run("-f", option, "wg0");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("wg-netty: ").contains(advice).hasLineCount(1);
  }

  @Test
  void shouldSwitchOffEachOffloadByItself() {
    assertThat(Offload.tun(Offload.named("all"))).isEqualTo(TunOffloads.NONE);
    assertThat(Offload.tun(EnumSet.noneOf(Offload.class))).isEqualTo(TunOffloads.ALL);
    assertThat(Offload.tun(Offload.named("tun-udp-gro")))
        .isEqualTo(new TunOffloads(true, true, true, false));
    assertThat(Offload.udp(Offload.named("udp-gso")).segmenting()).isFalse();
    assertThat(Offload.udp(Offload.named("udp-gro")).joining()).isFalse();
    assertThat(Offload.udp(EnumSet.noneOf(Offload.class))).isEqualTo(UdpSettings.DEFAULT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "-1", "0", "2", "1.5", "99999999999", "900000"})
  void shouldRefuseDescriptorThatCannotBe(String fd) {
    for (String variable : new String[] {"WG_TUN_FD", "WG_UAPI_FD"}) {
      var run = run(Map.of(variable, fd), "wg0");
      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err()).startsWith("wg-netty: " + variable).hasLineCount(1);
    }
  }

  @Test
  void shouldTellTheReasonToWhoeverWaitsForReadiness() throws IOException {
    // A file stands in for the launcher's pipe: the same descriptor, without a race to read it.
    Path answers = Files.createFile(temporary.resolve("answers"));
    try (var descriptor = ReadyDescriptor.open(answers)) {
      run(Map.of("WG_NETTY_READY_FD", Integer.toString(descriptor.fd())), "wg0");
      assertThat(answers).hasContent("error wg0: started with null\n");
      assertThat(descriptor.isClosed()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "verbose, VERBOSE",
    "debug, DEBUG",
    "DEBUG, DEBUG",
    "error, ERROR",
    "silent, SILENT",
    "'', ERROR",
    "loud, ERROR"
  })
  void shouldReadLogLevel(String word, LogLevel level) {
    assertThat(LogLevel.from(Map.of("LOG_LEVEL", word), LogLevel.ERROR)).isEqualTo(level);
    assertThat(LogLevel.from(Map.of(), LogLevel.ERROR)).isEqualTo(LogLevel.ERROR);
  }

  private static CommandLineRun run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private static CommandLineRun run(Map<String, String> environment, String... arguments) {
    return CommandLineRun.of(
        "",
        Path.of("/dev/null"),
        environment,
        (name, tunFd, options) -> {
          throw new IOException("started with " + tunFd + "\nand a second line");
        },
        Path.of("/nonexistent"),
        arguments);
  }
}
