package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.NodeRequest;
import io.wgnetty.node.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;

/** All sessions of a running node end, and begin afresh. */
@Command(
    name = "forget-sessions",
    description = {
      "Ends all sessions of a running interface; they begin afresh.",
      "",
      "For machines that were copied, or set back to a snapshot, while they ran: session keys and"
          + " counters may be in use elsewhere. Where the kernel hears of that (VMGENID) the node does"
          + " it by itself."
    },
    footerHeading = "%nExample, in a hypervisor's hook:%n",
    footer = "  wg-netty forget-sessions wg0")
final class ForgetSessionsCommand extends InterfaceCommand {
  ForgetSessionsCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    NodeRequest.send(context, nameOrPath, "forget_sessions", List.of());
    return 0;
  }
}
