package io.wgnetty.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CompletionTest {
  @TempDir private Path directory;

  private static CommandLineRun call(String... arguments) {
    return ClientNode.call(Path.of("/nonexistent"), Map.of(), arguments);
  }

  /** What bash offers for the last of the words. */
  private String offered(String... words) throws IOException, InterruptedException {
    Path script = directory.resolve("completion.bash");
    Files.writeString(script, call("completion", "bash").out());
    String line =
        """
        source %s
        function compopt() { :; }
        function __wg_netty_interfaces() { echo wg0; echo wg1; }
        function wg-netty() { [[ $1 == list-peers && $3 == wg1 ]] && printf '%%s\\n' phone "old laptop"; }
        COMP_WORDS=('%s')
        COMP_CWORD=%d
        _complete_wg-netty
        IFS=,
        echo "${COMPREPLY[*]}"
        """
            .formatted(script, String.join("' '", words), words.length - 1);
    Process bash = new ProcessBuilder("bash", "-c", line).redirectErrorStream(true).start();
    bash.getOutputStream().close();
    String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor()).as(output).isZero();
    return output.strip();
  }

  @Test
  void shouldOfferCommandsOptionsAndInterfacesInBash() throws Exception {
    assertThat(offered("wg-netty", "add")).isEqualTo("add-peer");
    assertThat(offered("wg-netty", "show", "--j")).isEqualTo("--json");
    assertThat(offered("wg-netty", "show", "w")).isEqualTo("wg0,wg1");
    assertThat(offered("wg-netty", "reload", "")).contains("wg0", "wg1");
    assertThat(offered("wg-netty", "top", "--sort", "h")).isEqualTo("handshake");
    assertThat(offered("wg-netty", "remove-peer", "wg1", "")).contains("phone", "laptop");
    assertThat(offered("wg-netty", "remove-peer", "wg1", "p")).isEqualTo("phone");
    assertThat(offered("wg-netty", "remove-peer", "wg1", "o")).isEqualTo("old\\ laptop");
    assertThat(offered("wg-netty", "remove-peer", "wg0", "p")).isEmpty();
    assertThat(offered("wg-netty", "show", "wg1", "--peer", "p")).isEqualTo("phone");
  }

  @Test
  void shouldLoadWhatZshNeedsForIt() {
    String script = call("completion", "zsh").out();
    assertThat(script)
        .startsWith("#compdef wg-netty\n")
        .contains("bashcompinit\n", "__wg_netty_interfaces")
        .doesNotContain(RunningInterfaces.PLACEHOLDER);
  }

  @Test
  void shouldRefuseOtherShells() {
    CommandLineRun run = call("completion", "fish");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("bash and zsh");
  }

  @Test
  void shouldPrintManualOfEveryCommandInPlainTroff() {
    String page = call("man").out();
    for (String command : PlainArguments.COMMANDS) {
      assertThat(page)
          .containsPattern("\\.SS \"(.*, )?\\Q%s\\E[,\"]".formatted(command.replace("-", "\\-")));
    }
    assertThat(page.lines().filter(line -> line.startsWith(".") || line.startsWith("'")))
        .allMatch(line -> line.matches("\\.(TH|SH|SS|PP|TP|B|I|BR|nf|fi)( .*)?"));
    assertThat(page.replaceAll("\\\\(-|e|&|\\(dq)", "")).doesNotContain("\\");
    assertThat(page).contains(".SH NAME\nwg\\-netty \\- a WireGuard node");
  }

  @Test
  void shouldExplainEveryCommandWithExamples() {
    for (String command : PlainArguments.COMMANDS) {
      if (command.equals("help")) {
        continue;
      }
      CommandLineRun run = call(command, "--help");
      assertThat(run.exitCode()).as(command).isZero();
      assertThat(run.out()).as(command).startsWith("Usage: wg-netty ");
      assertThat(run.out()).contains(command);
      assertThat(run.out().lines()).as(command).allMatch(line -> line.length() <= 100);
    }
  }

  @Test
  void shouldPrintManualOfConfigurationFiles() {
    CommandLineRun run = CommandLineRun.of("", "man", "5");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out())
        .startsWith(".TH WG\\-NETTY.CONF 5")
        .contains(".B \"PersistentKeepalive\"\n", ".B \"# Name = LABEL\"\n", "default: off)")
        .doesNotContain("|", "`");
    assertThat(run.out().lines().filter(line -> line.startsWith(".")))
        .allMatch(line -> line.matches("\\.(TH|SH|PP|TP|B|BR|IP|RS|RE|nf|fi)( .*)?"));
    assertThat(CommandLineRun.of("", "man", "7").exitCode()).isEqualTo(2);
  }
}
