package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

class HelpTest {
  private static final int COLUMNS = 80;

  private static CommandSpec program() {
    return PlainArgumentsTest.parser().getCommandSpec();
  }

  static Stream<CommandSpec> commands() {
    return program().subcommands().values().stream()
        .map(command -> command.getCommandSpec())
        .filter(command -> !command.name().equals("help")) // the parser's own
        .distinct();
  }

  private static List<String> help(String... arguments) {
    CommandLineRun run = CommandLineRun.of("", arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out().lines().toList();
  }

  @Test
  void shouldSayOnTheFirstScreenWhatEachCommandDoesInAWholeSentence() {
    List<String> screen = help("--help");
    assertThat(screen).allMatch(line -> line.length() <= COLUMNS);
    commands()
        .forEach(
            command -> {
              String summary = command.usageMessage().description()[0];
              assertThat(summary).as(command.name()).matches("[A-Z].*[.]");
              assertThat(screen)
                  .as(command.name())
                  .anyMatch(line -> line.contains(command.name()) && line.endsWith(summary));
            });
    assertThat(screen).noneMatch(line -> line.contains("--loops"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void shouldLeaveExamplesWhole(CommandSpec command) {
    List<String> screen = help(command.name(), "--help");
    assertThat(screen).allMatch(line -> line.length() <= COLUMNS);
    for (String line : command.usageMessage().footer()) {
      for (String part : String.format(line).split("\n", -1)) {
        assertThat(screen).as(command.name()).contains(part.stripTrailing());
      }
    }
    assertThat(command.usageMessage().description()[0]).matches("[A-Z].*[.]");
  }

  @Test
  void shouldPromiseOnlyExitStatusesThatThereAre() {
    assertThat(CommandLineRun.of("", "show", "wgnone7").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "top", "wgnone7").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "reload", "wgnone7").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "down", "wgnone7").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "log", "wgnone7", "info").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "list-peers", "wgnone7").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "status", "wgnone7").exitCode()).isEqualTo(3);
    assertThat(CommandLineRun.of("", "status").exitCode()).isEqualTo(3);
    for (String command : List.of("show", "status", "down", "check", "man", "genkey", "top")) {
      CommandLineRun run = CommandLineRun.of("", command, "--no-such-option");
      assertThat(run.exitCode()).as(command).isEqualTo(2);
      assertThat(run.err()).startsWith("wg-netty: ").hasLineCount(1);
    }
    assertThat(CommandLineRun.of("", "check", "/nonexistent.conf").exitCode()).isEqualTo(1);
    assertThat(String.join(" ", help("--help"))).contains("3 if the interface is not running");
  }
}
