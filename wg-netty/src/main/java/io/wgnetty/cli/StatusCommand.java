package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.JsonText;
import io.wgnetty.client.NodeStatus;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ExitStatus;
import io.wgnetty.node.InterfaceName;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What runs here, in a line for each interface. */
@Command(
    name = "status",
    description = "Says which interfaces are running, one line for each.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty status",
      "  wg-netty status wg0 >/dev/null || echo 'wg0 is not running'",
      "",
      "The exit status is 3 if the interface is not running, or none is."
    })
final class StatusCommand extends BaseCommand {
  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "An interface (default: all).",
      completionCandidates = RunningInterfaces.class)
  private @Nullable String name;

  @Option(names = "--json", description = "Prints one JSON document.")
  private boolean json;

  StatusCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    List<String> names =
        name == null ? sockets.running() : List.of(InterfaceName.ofNameOrPath(name));
    List<NodeStatus> found = new ArrayList<>();
    for (String each : names) {
      found.add(NodeStatus.of(sockets, each));
    }
    var out = context.streams().out();
    if (json) {
      var document = new JsonText().beginObject().name("interfaces").beginArray();
      found.forEach(each -> each.addTo(document));
      out.print(document.endArray().endObject());
    } else {
      found.forEach(each -> out.println(each.line()));
    }
    out.flush();
    if (found.isEmpty()) {
      context.streams().err().println("wg-netty: no interface is running");
      return ExitStatus.NOT_RUNNING;
    }
    return 0;
  }
}
