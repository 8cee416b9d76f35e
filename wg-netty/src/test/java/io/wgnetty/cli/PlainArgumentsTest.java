package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.StandardStreams;
import io.wgnetty.node.NodeProcess;
import io.wgnetty.node.NodeStarter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class PlainArgumentsTest {
  @ParameterizedTest
  @ValueSource(strings = {"wg0", "-f wg0", "--foreground wg0", "wg0 -f", "wg0 --foreground"})
  void shouldUnderstandTheCallOfANode(String line) {
    assertThat(PlainArguments.interfaceName(line.split(" "))).isEqualTo("wg0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-f",
        "wg0 wg1",
        "-f -f wg0",
        "-f --foreground wg0",
        "--help",
        "-x wg0",
        "wg0 -h",
        "@file",
        "-",
        "-- wg0",
        "demo",
        "help",
        "-f genkey"
      })
  void shouldLeaveAnythingElseToTheParser(String line) {
    assertThat(PlainArguments.interfaceName(line.split(" "))).isNull();
  }

  static CommandLine parser() {
    NodeStarter none =
        (name, tunFd, options) -> {
          throw new IOException("no interface in this test");
        };
    var streams = StandardStreams.ofProcess();
    return CommandParser.of(
        new NodeProcess(none, Map.of(), Path.of("/nonexistent")),
        new CommandContext(streams, Map.of(), Path.of("/nonexistent")),
        new Failures(streams, Map.of()));
  }

  @Test
  void shouldLeaveEveryCommandToTheParser() {
    assertThat(PlainArguments.COMMANDS)
        .containsExactlyInAnyOrderElementsOf(parser().getSubcommands().keySet());
  }
}
