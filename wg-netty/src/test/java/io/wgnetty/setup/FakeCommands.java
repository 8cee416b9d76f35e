package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Programs that only remember: resolvconf, iptables, and shells. */
final class FakeCommands implements CommandRunner {
  private final Journal journal;
  final Set<String> programs = new HashSet<>(Set.of("bash", "resolvconf"));

  /** What iptables-save has to print. */
  String saved = "";

  /** resolvconf's records that are there now. */
  final Set<String> left = new TreeSet<>();

  /** What each hook prints. */
  final List<String> prints = new ArrayList<>();

  FakeCommands(Journal journal) {
    this.journal = journal;
  }

  @Override
  public @Nullable Path find(String program) {
    return programs.contains(program) ? Path.of("/usr/bin", program) : null;
  }

  @Override
  public CommandResult run(List<String> words, String input) throws IOException {
    String first = words.getFirst();
    if (journal.noteAndTell(String.join(" ", words) + " <" + input.replace("\n", "|"))) {
      return new CommandResult(3, "refused by the test\n");
    }
    if (!first.equals("resolvconf")) {
      return new CommandResult(0, first.endsWith("-save") ? saved : "");
    }
    String record = "record " + words.get(2);
    if (words.get(1).equals("-a")) {
      left.add(record);
    } else {
      left.remove(record);
    }
    return new CommandResult(0, "");
  }

  @Override
  public int show(List<String> words, Consumer<String> lines) {
    prints.forEach(lines);
    return journal.noteAndTell("hook " + words.getLast()) ? 42 : 0;
  }

  @Override
  public void killRunning() {}
}
