package io.wgnetty.cli;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.ConfiguredNodes;
import io.wgnetty.node.NodeProcess;
import io.wgnetty.node.NodeSurroundings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets up the interfaces that configuration files describe, and runs them until they end. */
@Command(
    name = "run",
    aliases = "up",
    description = {
      "Sets interfaces up from configuration files of wg-quick's kind.",
      "",
      "Sets keys, peers, addresses, MTU, DNS and routes, and runs hooks. Needs neither wg nor ip.",
      "",
      "'run' stays in the foreground and takes any number of files. 'up' takes one, and returns when"
          + " the interface works; the node stays behind."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty up wg0                      /etc/wireguard/wg0.conf",
      "  wg-netty up ./office.conf --watch    the interface is called office",
      "  wg-netty run wg0 wg1 --metrics 9586",
      "",
      "SIGHUP and 'wg-netty reload NAME' read the file again and change what differs;",
      "sessions that live go on. SIGTERM and 'wg-netty down NAME' take the interface",
      "down."
    })
final class RunFilesCommand extends BaseCommand {
  /** The words that call it. */
  static final Set<String> WORDS = Set.of("run", "up");

  private final NodeProcess process;

  @Parameters(
      paramLabel = "FILE|NAME",
      arity = "1..*",
      description = "NAME.conf, which sets NAME up; a name alone means /etc/wireguard/NAME.conf.")
  private List<String> files = List.of();

  @Option(
      names = {"-f", "--foreground"},
      hidden = true)
  @SuppressWarnings("UnusedVariable") // accepted: this program never does anything else
  private boolean foreground;

  @Option(names = "--watch", description = "Reads a file again whenever it changes.")
  private boolean watch;

  @Option(
      names = "--fail-closed",
      description =
          "What goes to allowed IPs is refused while no node runs after one was killed, instead of"
              + " leaving unencrypted. Ends with 'down NAME'.")
  private boolean failClosed;

  @Mixin private NodeOptionsMixin options = new NodeOptionsMixin();

  @Mixin private DirectoryOptionsMixin directory = new DirectoryOptionsMixin();

  @Mixin private ClusterOptionsMixin cluster = new ClusterOptionsMixin();

  RunFilesCommand(NodeProcess process) {
    this.process = process;
  }

  @Override
  public Integer call() throws CommandFailure {
    var surroundings =
        new NodeSurroundings(
            process.starter(),
            options.options().inCluster(cluster.options()),
            process.socketDirectory(),
            watch,
            failClosed,
            process.environment(),
            directory.options(),
            process.upgrade(),
            process.taker());
    List<Path> found = new ArrayList<>();
    for (String file : files) {
      found.add(ConfigurationFile.find(file));
    }
    process.run((early, output) -> ConfiguredNodes.begin(found, surroundings, early, output));
    return 0;
  }
}
