package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.setup.ClusterOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a node is among those that share its private key and its peers. */
final class ClusterOptionsMixin {
  @Option(
      names = "--node",
      paramLabel = "NAME",
      description = "This node's name among those that share private key and --peers etcd:.")
  private @Nullable String node;

  @Option(
      names = "--node-number",
      paramLabel = "N",
      description = "Its number, 0 to 63: other nodes tell by it whose a datagram is.")
  private @Nullable Integer number;

  @Option(
      names = "--node-address",
      paramLabel = "ADDRESS:PORT",
      description = "Where other nodes hand datagrams on to it, by UDP.")
  private @Nullable String address;

  @Option(
      names = "--cluster-key-file",
      paramLabel = "FILE",
      description = "Holds the nodes' common secret, as 'wg-netty genpsk' makes one.")
  private @Nullable Path keyFile;

  @Option(
      names = "--announce",
      paramLabel = "TABLE",
      arity = "0..1",
      fallbackValue = "main",
      description =
          "Has routes to peers that are here, for BGP and the like, in this table (without a number:"
              + " main; then behind all names).")
  private @Nullable String announce;

  ClusterOptions options() throws CommandFailure {
    try {
      return new ClusterOptions(
          node,
          number,
          address,
          keyFile == null ? null : keyFile.toAbsolutePath(),
          announce == null ? null : Integer.valueOf(ClusterOptions.table(announce)));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(CommandFailure.firstLine(e));
    }
  }
}
