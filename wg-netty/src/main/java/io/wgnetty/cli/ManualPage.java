package io.wgnetty.cli;

import java.util.List;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The manual page in troff, out of what the parser knows of commands and options. Only the sections
 * that no command has are written here.
 */
final class ManualPage {
  private static final String FILES =
      """
      .SH FILES
      .TP
      .I /etc/wireguard/NAME.conf
      configuration of the interface NAME, as wg\\-quick has it
      .TP
      .I /var/run/wireguard/NAME.sock
      control socket of a running interface; wg uses it, too
      .SH EXIT STATUS
      0, or with one line on standard error:
      .TP
      .B 1
      the command could not do its work
      .TP
      .B 2
      the command line is wrong, and nothing was tried
      .TP
      .B 3
      the interface is not running
      .SH SEE ALSO
      .BR wg\\-netty.conf (5),
      .BR wg (8),
      .BR wg\\-quick (8),
      .BR ip (8)
      """;

  private final StringBuilder out = new StringBuilder();

  private ManualPage() {}

  /** The page of a program with its subcommands. */
  static String of(CommandSpec program) {
    var page = new ManualPage();
    page.head(program);
    program.subcommands().values().stream()
        .map(command -> command.getCommandSpec())
        .filter(command -> !command.usageMessage().hidden())
        .distinct()
        .forEach(page::command);
    page.out.append(FILES);
    return page.out.toString();
  }

  private void head(CommandSpec program) {
    String version = String.join(" ", program.version());
    macro("TH WG\\-NETTY 1 \"\" " + quoted(version.isEmpty() ? program.name() : version));
    macro("SH NAME");
    text(program.name() + " - a WireGuard node in user space");
    macro("SH SYNOPSIS");
    synopsis(program);
    macro("SH DESCRIPTION");
    description(program);
    macro("SH OPTIONS");
    parameters(program);
    footer(program);
    macro("SH COMMANDS");
  }

  private void command(CommandSpec command) {
    macro("SS " + quoted(String.join(", ", command.names())));
    synopsis(command);
    macro("PP");
    description(command);
    parameters(command);
    footer(command);
  }

  private void synopsis(CommandSpec command) {
    for (String line : new Help(command, Help.Ansi.OFF).synopsis(0).strip().split("\n", -1)) {
      macro("B " + quoted(line.strip()));
    }
  }

  private void description(CommandSpec command) {
    for (String paragraph : command.usageMessage().description()) {
      if (paragraph.isEmpty()) {
        macro("PP");
      } else {
        text(String.format(paragraph));
      }
    }
  }

  private void parameters(CommandSpec command) {
    for (PositionalParamSpec each : command.positionalParameters()) {
      macro("TP");
      macro("I " + quoted(each.paramLabel()));
      lines(each.description());
    }
    for (OptionSpec each : command.options()) {
      if (each.usageHelp() || each.versionHelp() || each.hidden()) {
        continue; // every command has the same two
      }
      macro("TP");
      String value = each.arity().max() > 0 ? " " + each.paramLabel() : "";
      macro("B " + quoted(String.join(", ", each.names()) + value));
      lines(each.description());
    }
  }

  private void footer(CommandSpec command) {
    String[] footer = command.usageMessage().footer();
    if (footer.length == 0) {
      return;
    }
    macro("PP");
    String heading = String.format(command.usageMessage().footerHeading()).strip();
    if (!heading.isEmpty()) {
      text(heading);
    }
    macro("PP");
    macro("nf");
    lines(footer);
    macro("fi");
  }

  private void lines(String[] lines) {
    for (String line : lines) {
      for (String each : List.of(String.format(line).split("\n", -1))) {
        text(each);
      }
    }
  }

  private void macro(String line) {
    out.append('.').append(line).append('\n');
  }

  /** A line of text; no line begins a request by accident. */
  private void text(String line) {
    String escaped = escaped(line);
    boolean request = escaped.startsWith(".") || escaped.startsWith("'");
    out.append(request ? "\\&" : "").append(escaped).append('\n');
  }

  private static String quoted(String text) {
    return '"' + escaped(text).replace("\"", "\\(dq") + '"';
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\e").replace("-", "\\-");
  }
}
