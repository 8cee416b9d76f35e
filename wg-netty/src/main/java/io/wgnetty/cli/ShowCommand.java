package io.wgnetty.cli;

import io.wgnetty.client.ClusterReport;
import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.Facts;
import io.wgnetty.client.JsonText;
import io.wgnetty.client.NodeReport;
import io.wgnetty.client.Palette;
import io.wgnetty.client.ReportReader;
import io.wgnetty.client.ShowFields;
import io.wgnetty.client.ShowJson;
import io.wgnetty.client.ShowText;
import io.wgnetty.node.CommandFailure;
import java.util.Iterator;
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
      "Shows interfaces and their peers.",
      "",
      "Says what 'wg show' says, and packets, drops by reason, sessions, queues and the peers' names."
          + " With a FIELD it prints what 'wg show NAME FIELD' prints, for scripts."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty show",
      "  wg-netty show wg0",
      "  wg-netty show wg0 --peer phone",
      "  wg-netty show wg0 latest-handshakes",
      "  wg-netty show --json wg0 | jq '.interfaces[].peers[] | {name, endpoint}'",
      "  wg-netty show interfaces",
      "  wg-netty show wg0 --cluster",
      "",
      "Environment: WG_COLOR_MODE (always, never), WG_HIDE_KEYS (never shows secrets,",
      "and then only what wg shows)."
    })
final class ShowCommand extends BaseCommand {
  private static final String ALL = "all";
  private static final String INTERFACES = "interfaces";

  private final CommandContext context;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      arity = "0..1",
      description = "An interface, or 'all' (the default); 'interfaces' lists their names.",
      completionCandidates = RunningInterfaces.class)
  private @Nullable String name;

  @Parameters(
      index = "1",
      paramLabel = "FIELD",
      arity = "0..1",
      description =
          "public-key, private-key, listen-port, fwmark, peers, preshared-keys, endpoints,"
              + " allowed-ips, latest-handshakes, transfer, persistent-keepalive or dump.",
      completionCandidates = Fields.class)
  private @Nullable String field;

  @Option(
      names = "--peer",
      paramLabel = "PEER",
      description = "Shows that peer only: its name, key, or the key's first 6 or more characters.",
      completionCandidates = PeerNames.class)
  private @Nullable String peer;

  @Option(names = "--json", description = "Prints one JSON document, without secrets.")
  private boolean json;

  @Option(
      names = "--cluster",
      description = "Shows the nodes that share an interface's peers, and who is where.")
  private boolean cluster;

  ShowCommand(CommandContext context) {
    this.context = context;
  }

  /** For the completion of command lines. */
  static final class Fields implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return ShowFields.NAMES.iterator();
    }
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
    if (cluster) {
      if (field != null || peer != null) {
        throw CommandFailure.usage("--cluster goes with an interface and --json alone");
      }
      printCluster(sockets, names);
    } else if (field != null) {
      if (json || peer != null) {
        throw CommandFailure.usage("a field is printed alone: without --json and --peer");
      }
      printField(sockets, names, field, all);
    } else if (json) {
      printJson(sockets, names);
    } else {
      print(sockets, names);
    }
    context.streams().out().flush();
    return 0;
  }

  private void printCluster(ControlSockets sockets, List<String> names) throws CommandFailure {
    var document = new JsonText().beginObject().name("clusters").beginArray();
    var palette = Palette.of(context);
    for (String each : names) {
      ClusterReport report = ClusterReport.of(sockets, each);
      if (json) {
        report.addTo(document);
      } else {
        context.streams().out().print(report.text(palette, System.currentTimeMillis() / 1000));
      }
    }
    if (json) {
      context.streams().out().print(document.endArray().endObject());
    }
  }

  private void printJson(ControlSockets sockets, List<String> names) throws CommandFailure {
    var document = new ShowJson(context.streams().out());
    for (String each : names) {
      ReportReader reader = document.node(each);
      if (peer == null) {
        NodeReport.read(sockets, each, reader);
      } else {
        NodeReport report = report(sockets, each, false);
        reader.node(report.node());
        report.peersByHandshake().forEach(reader::peer);
      }
      document.endNode();
    }
    document.end();
  }

  private void printField(ControlSockets sockets, List<String> names, String wanted, boolean all)
      throws CommandFailure {
    if (!ShowFields.NAMES.contains(wanted)) {
      throw CommandFailure.usage(
          "there is no field " + wanted + "; there are " + String.join(", ", ShowFields.NAMES));
    }
    for (String each : names) {
      var fields = new ShowFields(NodeReport.of(sockets, each, ShowFields.isSecret(wanted)));
      context.streams().out().print(fields.text(wanted, all));
    }
  }

  private NodeReport report(ControlSockets sockets, String each, boolean secrets)
      throws CommandFailure {
    NodeReport report = NodeReport.of(sockets, each, secrets);
    return peer == null ? report : report.withOnly(peer);
  }

  private void print(ControlSockets sockets, List<String> names) throws CommandFailure {
    boolean secrets = context.variable("WG_HIDE_KEYS").toLowerCase(Locale.ROOT).equals("never");
    var text = new ShowText(Palette.of(context), System.currentTimeMillis() / 1000);
    String separator = "";
    for (String each : names) {
      NodeReport report = report(sockets, each, secrets);
      context.streams().out().print(separator + text.node(report));
      for (Facts peer : report.peersByHandshake()) {
        context.streams().out().print("\n" + text.peer(peer));
      }
      separator = "\n";
    }
  }
}
