package io.wgnetty.setup;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Programs that only remember: resolvconf, nft, and shells. */
final class FakeCommands implements CommandRunner {
  private final Journal journal;
  final Set<String> programs = new HashSet<>(Set.of("bash", "nft", "resolvconf"));

  /** The firewall's tables and resolvconf's records that are there now. */
  final Set<String> left = new TreeSet<>();

  FakeCommands(Journal journal) {
    this.journal = journal;
  }

  @Override
  public boolean has(String program) {
    return programs.contains(program);
  }

  @Override
  public CommandResult run(List<String> words, String input) throws IOException {
    String first = words.getFirst();
    if (first.equals("nft")) {
      return nft(input);
    }
    if (journal.noteAndTell(String.join(" ", words) + " <" + input.replace("\n", "|"))) {
      return new CommandResult(3, "refused by the test\n");
    }
    String record = "record " + words.get(2);
    if (words.get(1).equals("-a")) {
      left.add(record);
    } else {
      left.remove(record);
    }
    return new CommandResult(0, "");
  }

  private CommandResult nft(String script) {
    String[] lines = script.split("\n", -1);
    String table = lines[0].substring("add table ".length());
    boolean adds = lines.length > 3;
    if (journal.noteAndTell("nft " + (adds ? "add " : "delete ") + table)) {
      return new CommandResult(1, "Operation not permitted\n");
    }
    if (adds) {
      left.add(table);
    } else {
      left.remove(table);
    }
    return new CommandResult(0, "");
  }

  @Override
  public int show(List<String> words) {
    return journal.noteAndTell("hook " + words.getLast()) ? 42 : 0;
  }

  @Override
  public void killRunning() {}
}
