package io.wgnetty.cli;

import io.wgnetty.client.AccountRequest;
import io.wgnetty.client.AccountText;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.Palette;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import java.io.PrintStream;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What peers have carried in all. */
@Command(
    name = "account",
    description = {
      "Shows what each peer has carried in all.",
      "",
      "Over restarts and reloads, also of peers that were removed. The node has to be started with"
          + " --account."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty account wg0",
      "  wg-netty account wg0 --since 2026-11-01 --csv",
      "  wg-netty account wg0 --since 7d --json",
      "",
      "WHEN is a day, as 2026-11-30, today, yesterday or month (its first day), or",
      "so many days before today, as 7d. Days begin at midnight UTC, and the last",
      "62 are kept. Within a generation no total becomes less."
    })
final class AccountCommand extends InterfaceCommand {
  private static final Pattern DAYS = Pattern.compile("([0-9]{1,4})d");

  @Option(
      names = "--since",
      paramLabel = "WHEN",
      description = "From the beginning of that day on; in all unless given.")
  private @Nullable String since;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  @Option(names = "--csv", description = "Prints a line of comma-separated values for each peer.")
  private boolean csv;

  AccountCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    if (json && csv) {
      throw CommandFailure.usage("--json or --csv, not both");
    }
    LocalDate day = since == null ? null : day(since, LocalDate.now(ZoneOffset.UTC));
    String name = InterfaceName.ofNameOrPath(nameOrPath);
    var sockets = new ControlSockets(context.socketDirectory());
    AccountRequest account = AccountRequest.of(sockets, name, day);
    PrintStream out = context.streams().out();
    if (json) {
      AccountText.json(name, day, account, out);
    } else if (csv) {
      AccountText.csv(name, account, out);
    } else {
      AccountText.table(name, account, out, Palette.of(context));
    }
    out.flush();
    account.warnings().forEach(each -> context.streams().err().println("wg-netty: " + each));
    return 0;
  }

  /** The day that a word means. */
  static LocalDate day(String when, LocalDate today) throws CommandFailure {
    LocalDate day = parsed(when, today);
    if (day.isAfter(today)) {
      throw CommandFailure.usage("--since " + when + " is in the future");
    }
    return day;
  }

  private static LocalDate parsed(String when, LocalDate today) throws CommandFailure {
    Matcher days = DAYS.matcher(when);
    if (days.matches()) {
      return today.minusDays(Integer.parseInt(days.group(1)));
    }
    try {
      return switch (when) {
        case "today" -> today;
        case "yesterday" -> today.minusDays(1);
        case "month" -> today.withDayOfMonth(1);
        default -> LocalDate.parse(when);
      };
    } catch (DateTimeException e) {
      throw CommandFailure.usage(
          "--since takes a day, such as 2026-11-30, today, yesterday, month or 7d, not " + when);
    }
  }
}
