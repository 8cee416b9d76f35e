package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words the launcher takes for the name of an interface that it is to make. */
@Timeout(30)
class LauncherWordsTest {
  private static final Path BIN = Path.of("..", "bin").toAbsolutePath().normalize();

  private record Judged(int status, String said) {}

  private static Judged judge(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of("bash", "-euc", ". \"$0\"; judge_interface_name \"$@\"", BIN + "/lib/words"));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("WG_"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Judged(process.waitFor(), said);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "start",
        "stop",
        "restart",
        "version",
        "list",
        "set",
        "save",
        "delete",
        "logs",
        "staus",
        "sttaus",
        "stat",
        "relaod",
        "add-peers",
        "lst-peers",
        "genke",
        "showw",
        "gen"
      })
  void shouldRefuseWhatIsMeantAsACommand(String word) throws Exception {
    Judged judged = judge(Map.of(), word);
    assertThat(judged.status()).isEqualTo(2);
    assertThat(judged.said())
        .startsWith("wg-netty: there is no command " + word + "; ")
        .hasLineCount(1);
    assertThat(judge(Map.of(), word, "wg0").status()).isEqualTo(2);
    // Whoever knows what a node is, gets one.
    assertThat(judge(Map.of(), "-f", word).status()).isZero();
    assertThat(judge(Map.of("WG_PROCESS_FOREGROUND", "1"), word).status()).isZero();
    assertThat(judge(Map.of("WG_QUICK_USERSPACE_IMPLEMENTATION", "wg-netty"), word).status())
        .isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"wg0", "utun7", "wan", "lan", "office", "home", "vpn", "log1", "tun-office", "a"})
  void shouldTakeNamesOfInterfaces(String name) throws Exception {
    assertThat(judge(Map.of(), name)).isEqualTo(new Judged(0, ""));
  }

  @Test
  void shouldKnowTheCommandsOfTheParser() throws IOException {
    String words = Files.readString(BIN.resolve("lib/words"), UTF_8);
    String list = words.substring(words.indexOf("commands=(") + 10, words.indexOf(')'));
    assertThat(list.strip().split("\\s+"))
        .containsExactlyInAnyOrderElementsOf(PlainArguments.COMMANDS);
    String launcher = Files.readString(BIN.resolve("wg-netty"), UTF_8);
    for (String command : PlainArguments.COMMANDS) {
      assertThat(launcher).containsPattern("[ |]" + command + "(\\)| )");
    }
  }
}
