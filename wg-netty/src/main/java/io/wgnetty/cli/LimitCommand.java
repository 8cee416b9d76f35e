package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.LimitRequest;
import io.wgnetty.client.NodeTarget;
import io.wgnetty.limit.GroupText;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.QuotaText;
import io.wgnetty.node.CommandFailure;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a peer, or a group of peers, of a running node may carry. */
@Command(
    name = "limit",
    description = {
      "Shows or sets what a peer may carry, in the running node.",
      "",
      "It holds until the node ends or reloads its file. To keep it:  wg-netty save"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty limit wg0 phone",
      "  wg-netty limit wg0 phone 20M",
      "  wg-netty limit wg0 phone in 5M, out 50M, in 2000pps",
      "  wg-netty limit wg0 phone --quota '50GB a month, then 1M' --group sales",
      "  wg-netty limit wg0 group:sales 100M --quota '2TB a month, then off'",
      "  wg-netty limit wg0 phone off",
      "",
      "k, M and G are thousands, millions and billions of bits a second of inner",
      "packets, pps is packets a second; in is from the peer, out is to the peer.",
      "Packets wait for up to 100 ms for their turn; then they are dropped.",
      "Days and months of quotas are those of UTC. What the peers of a group carry",
      "counts for the group, and for each of them."
    })
final class LimitCommand extends PeerCommand {
  private static final String GROUP_MARK = "group:";

  @Parameters(
      index = "2..*",
      arity = "0..*",
      paramLabel = "LIMIT",
      description = "Rates with commas between them; off for none.")
  private @Nullable List<String> words;

  @Option(
      names = "--quota",
      paramLabel = "QUOTA",
      description = "An amount a day or a month, and what happens then; off for none.")
  private @Nullable String quota;

  @Option(
      names = "--group",
      paramLabel = "NAME",
      description = "The group whose limit and quota the peer shares; off for none.")
  private @Nullable String group;

  LimitCommand(CommandContext context) {
    super(context);
  }

  @Override
  public Integer call() throws CommandFailure {
    var sockets = new ControlSockets(context.socketDirectory());
    NodeTarget target = NodeTarget.find(sockets, nameOrPath);
    Map<String, String> arguments = new LinkedHashMap<>();
    if (words != null) {
      put(arguments, "limit", String.join(" ", words), LimitText::parse);
    }
    if (quota != null) {
      put(arguments, "quota", quota, QuotaText::parse);
    }
    if (group != null) {
      put(arguments, "group", group, GroupText::name);
    }
    if (wanted.startsWith(GROUP_MARK)) {
      if (group != null) {
        throw CommandFailure.usage("--group: a group is in no other group");
      }
      put(arguments, "group", wanted.substring(GROUP_MARK.length()), GroupText::name);
    } else {
      KnownPeer peer = KnownPeer.find(KnownPeer.all(sockets, target), wanted, target.name());
      arguments.put("peer", peer.publicKey().toHex());
    }
    PrintStream out = context.streams().out();
    LimitRequest.run(sockets, target.name(), arguments).forEach(out::println);
    out.flush();
    return 0;
  }

  private static void put(
      Map<String, String> arguments,
      String word,
      String text,
      Function<String, @Nullable Object> parser)
      throws CommandFailure {
    try {
      Object unusedRead = parser.apply(text);
      arguments.put(word, text);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }
}
