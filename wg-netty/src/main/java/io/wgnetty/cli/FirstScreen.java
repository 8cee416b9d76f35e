package io.wgnetty.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The help of the program itself: its commands in groups, and no options of any of them. */
final class FirstScreen {
  /** Each command by the name it is listed under, in the order in which people need them. */
  static final Map<String, List<String>> GROUPS = groups();

  private FirstScreen() {}

  private static Map<String, List<String>> groups() {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    groups.put(
        "Interfaces",
        List.of("run", "down", "reload", "upgrade", "save", "status", "check", "forget-sessions"));
    groups.put(
        "Peers",
        List.of(
            "list-peers",
            "add-peer",
            "remove-peer",
            "change-peer",
            "rename-peer",
            "disable-peer",
            "enable-peer",
            "limit",
            "peers"));
    groups.put(
        "Looking inside",
        List.of(
            "show",
            "top",
            "account",
            "events",
            "log",
            "log-level",
            "doctor",
            "api",
            "capture",
            "ciphers"));
    groups.put("Keys", List.of("genkey", "pubkey", "genpsk"));
    groups.put("More", List.of("demo", "completion", "man", "help"));
    return groups;
  }

  /** Gives the program this help; its commands keep theirs. */
  static void use(CommandLine program) {
    var sections = program.getHelpSectionMap();
    sections.remove(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING);
    sections.remove(UsageMessageSpec.SECTION_KEY_PARAMETER_LIST);
    sections.remove(UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING);
    sections.remove(UsageMessageSpec.SECTION_KEY_OPTION_LIST);
    sections.remove(UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING);
    sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, FirstScreen::commands);
  }

  private static String commands(Help help) {
    var text = new StringBuilder();
    Map<String, Help> all = new HashMap<>(); // by name: the list is by name and aliases
    help.subcommands().values().forEach(each -> all.put(each.commandSpec().name(), each));
    GROUPS.forEach(
        (title, names) -> {
          text.append(String.format("%n%s:%n", title));
          for (String name : names) {
            Help command = all.get(name);
            if (command != null) {
              text.append(row(command));
            }
          }
        });
    text.append(
        String.format(
            "%n'wg-netty COMMAND --help' says more of each, 'wg-netty --version' the version.%n"));
    return text.toString();
  }

  private static String row(Help command) {
    var spec = command.commandSpec();
    var usage = spec.usageMessage();
    String summary = usage.header().length > 0 ? usage.header()[0] : usage.description()[0];
    List<String> names = new ArrayList<>(List.of(spec.aliases()));
    names.add(spec.name());
    return String.format("  %-12s %s%n", String.join(", ", names), summary);
  }
}
