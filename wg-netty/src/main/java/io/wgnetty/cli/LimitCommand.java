package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.LimitRequest;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.limit.LimitText;
import io.wgnetty.node.CommandFailure;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a peer of a running node may carry. */
@Command(
    name = "limit",
    description = {
      "Shows or sets what a peer may carry, in the running node.",
      "",
      "It holds until the node ends or reloads its file. To keep it, write it into",
      "the peer's section:  # Limit = 20M"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty limit wg0 phone",
      "  wg-netty limit wg0 phone 20M",
      "  wg-netty limit wg0 phone in 5M, out 50M, in 2000pps",
      "  wg-netty limit wg0 phone off",
      "",
      "k, M and G are thousands, millions and billions of bits a second of inner",
      "packets, pps is packets a second; in is from the peer, out is to the peer.",
      "Packets wait for up to 100 ms for their turn; then they are dropped."
    })
final class LimitCommand extends PeerCommand {
  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "LIMIT",
      description = "Rates with commas between them; off for none.")
  private @Nullable List<String> words;

  LimitCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    String limit = words == null ? null : checked(String.join(" ", words));
    KnownPeer peer = KnownPeer.find(KnownPeer.all(sockets, target), wanted, target.name());
    PrintStream out = context.streams().out();
    out.println(LimitRequest.run(sockets, target.name(), peer.publicKey(), limit));
    out.flush();
    return 0;
  }

  private static String checked(String text) throws CommandFailure {
    try {
      LimitText.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
