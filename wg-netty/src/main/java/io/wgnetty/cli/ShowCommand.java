package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.Facts;
import io.wgnetty.client.NodeReport;
import io.wgnetty.client.Palette;
import io.wgnetty.client.ShowJson;
import io.wgnetty.client.ShowText;
import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code wg show} says, and what only the node itself knows. */
@Command(
    name = "show",
    description = {
      "Shows interfaces and their peers: what wg show says, and packets, drops by reason,",
      "sessions, queues and the peers' names."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty show",
      "  wg-netty show wg0",
      "  wg-netty show --json wg0 | jq '.interfaces[].peers[] | {name, endpoint}'",
      "  wg-netty show interfaces",
      "",
      "Environment: WG_COLOR_MODE (always, never), WG_HIDE_KEYS (never shows secrets,",
      "and then only what wg shows)."
    })
final class ShowCommand extends BaseCommand {
  private static final String ALL = "all";
  private static final String INTERFACES = "interfaces";

  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "An interface; 'all' of them unless given; 'interfaces' lists their names.",
      completionCandidates = RunningInterfaces.class)
  private @Nullable String name;

  @Option(names = "--json", description = "One JSON document, without secrets.")
  private boolean json;

  ShowCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    if (INTERFACES.equals(name)) {
      List<String> names = sockets.running();
      if (!names.isEmpty()) {
        context.streams().out().println(String.join(" ", names));
      }
      return 0;
    }
    boolean all = name == null || name.equals(ALL);
    List<String> names = all ? sockets.running() : List.of(String.valueOf(name));
    if (json) {
      List<NodeReport> reports = new ArrayList<>();
      for (String each : names) {
        reports.add(NodeReport.of(sockets, each));
      }
      context.streams().out().print(ShowJson.of(reports));
    } else {
      print(sockets, names);
    }
    context.streams().out().flush();
    return 0;
  }

  private void print(ControlSockets sockets, List<String> names) throws CommandFailure {
    boolean secrets = context.variable("WG_HIDE_KEYS").toLowerCase(Locale.ROOT).equals("never");
    var text = new ShowText(Palette.of(context), System.currentTimeMillis() / 1000);
    String separator = "";
    for (String each : names) {
      NodeReport report = NodeReport.of(sockets, each, secrets);
      context.streams().out().print(separator + text.node(report));
      for (Facts peer : report.peersByHandshake()) {
        context.streams().out().print("\n" + text.peer(peer));
      }
      separator = "\n";
    }
  }
}
