package io.wgnetty.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** What the pages call is there, and what is there is in README's reference. */
class DocumentedCommandsTest {
  private static final Path TREE = Path.of("..");

  /** Code between quotes, or a line of a block. */
  private static final Pattern CODE = Pattern.compile("`([^`\n]+)`|(?m)^ {4}(.*)$");

  private static final Pattern CALL =
      Pattern.compile("(?<![\\w.-])wg-netty (?!wg-netty)([a-z][a-z-]*)\\b([^#;&>]*)");
  private static final Pattern OPTION = Pattern.compile("(?<=[\\s\\[])--?[a-z][a-z-]*");

  /** Names that stand for interfaces. */
  private static final Pattern INTERFACE = Pattern.compile("wg[a-z]*");

  /** The launcher's own. */
  private static final Set<String> LAUNCHERS = Set.of("--user", "--keep", "-f", "--foreground");

  private static final Map<String, CommandSpec> COMMANDS =
      PlainArgumentsTest.parser().getCommandSpec().subcommands().values().stream()
          .map(command -> command.getCommandSpec())
          .distinct()
          .flatMap(spec -> spec.names().stream().map(name -> Map.entry(name, spec)))
          .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(TREE.resolve("README.md")));
    try (Stream<Path> docs = Files.list(TREE.resolve("docs"))) {
      docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  private static List<String> code(Path page) {
    try {
      return CODE.matcher(Files.readString(page))
          .results()
          .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldHaveWhatThePagesCall() throws IOException {
    Set<String> called = new HashSet<>();
    List<String> wrong = new ArrayList<>();
    for (Path page : pages()) {
      for (String code : code(page)) {
        for (MatchResult call : CALL.matcher(code).results().toList()) {
          CommandSpec command = COMMANDS.get(call.group(1));
          if (command == null && !INTERFACE.matcher(call.group(1)).matches()) {
            wrong.add(page.getFileName() + ": no such command: " + call.group());
          } else if (command != null) {
            called.add(call.group(1));
            wrong.addAll(unknownOptions(page, call, command));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(called).as("the pages are read").hasSizeGreaterThan(15);
  }

  private static List<String> unknownOptions(Path page, MatchResult call, CommandSpec command) {
    String arguments = call.group(2).split("\\\\?\\|", 2)[0]; // what is behind a pipe is another's
    return OPTION
        .matcher(arguments)
        .results()
        .map(MatchResult::group)
        .filter(option -> !LAUNCHERS.contains(option) && command.findOption(option) == null)
        .map(option -> page.getFileName() + ": no option " + option + " in: " + call.group())
        .toList();
  }

  @Test
  void shouldHaveEveryCommandInTheReference() throws IOException {
    String readme = Files.readString(TREE.resolve("README.md"));
    int begin = readme.indexOf("\n## Reference\n");
    String reference = readme.substring(begin, readme.indexOf("\n| variable |", begin));
    String words =
        CODE.matcher(reference).results().map(MatchResult::group).collect(Collectors.joining(" "));
    for (CommandSpec command : COMMANDS.values()) {
      if (!command.usageMessage().hidden() && !command.name().equals("help")) {
        assertThat(words).containsPattern("[` ]" + command.name() + "[` ]");
      }
    }
    Set<String> documented =
        reference
            .lines()
            .filter(line -> line.startsWith("| `--") && !line.contains("wg-netty"))
            .map(line -> line.substring(3, line.indexOf('`', 3)).replaceFirst(" .*", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> there = new TreeSet<>(Set.of("--user", "--keep"));
    requireNonNull(COMMANDS.get("run")).options().stream()
        .filter(option -> !option.usageHelp() && !option.versionHelp() && !option.hidden())
        .forEach(option -> there.add(option.longestName()));
    assertThat(documented).as("options of a node").isEqualTo(there);
  }
}
