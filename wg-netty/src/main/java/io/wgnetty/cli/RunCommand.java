package io.wgnetty.cli;

import io.wgnetty.crypto.AeadProviders;
import io.wgnetty.device.DeviceOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command without a name: runs an interface until it ends. */
@Command(
    name = "wg-netty",
    description = "Runs a WireGuard interface.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    subcommands = {
      GenkeyCommand.class,
      PubkeyCommand.class,
      GenpskCommand.class,
      CheckCommand.class,
      DemoCommand.class,
      ShowCommand.class,
      TopCommand.class,
      ListPeersCommand.class,
      AddPeerCommand.class,
      RemovePeerCommand.class,
      ReloadCommand.class,
      DownCommand.class,
      LogCommand.class,
      CompletionCommand.class,
      ManCommand.class,
      picocli.CommandLine.HelpCommand.class
    },
    exitCodeOnInvalidInput = 1,
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  LOG_LEVEL                verbose, debug (with Netty's own log), silent;",
      "                           error if it is none of these",
      "  WG_PROCESS_FOREGROUND=1  stays in the foreground, as -f does",
      "  WG_TUN_FD, WG_UAPI_FD    numbers of open descriptors to use: a TUN device,",
      "                           a listening UNIX socket",
      "",
      "The interface ends on SIGTERM, on SIGINT, when it is deleted (ip link del",
      "IFNAME) and when its socket /var/run/wireguard/IFNAME.sock is removed."
    })
final class RunCommand implements Callable<Integer> {
  private final NodeProcess node;

  @Parameters(
      paramLabel = "IFNAME",
      arity = "0..1",
      description = "The interface to create, such as wg0.")
  private @Nullable String name;

  @Option(
      names = {"-f", "--foreground"},
      description = "Stays in the foreground until the interface ends.")
  @SuppressWarnings("UnusedVariable") // accepted: this program never does anything else
  private boolean foreground;

  @Option(
      names = "--loops",
      paramLabel = "N",
      description = "Event loops that carry data; one for each core unless given.")
  private @Nullable Integer loops;

  @Option(
      names = "--aead",
      paramLabel = "NAME",
      description = "Cipher implementation: boringssl, openssl, jdk; the fastest unless given.")
  private @Nullable String aead;

  @Option(
      names = "--no-offload",
      paramLabel = "NAME",
      split = ",",
      description = {
        "Moves single packets where many could go with one system call:",
        "tun-tso, tun-uso (reading the interface), tun-tcp-gro,",
        "tun-udp-gro (writing it), udp-gso (sending), udp-gro (receiving),",
        "all. Several with commas between them."
      })
  private List<String> withoutOffloads = List.of();

  RunCommand(NodeProcess node) {
    this.node = node;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (name == null) {
      throw new CommandFailure("which interface? wg-netty IFNAME, or wg-netty --help");
    }
    node.run(name, options());
    return 0;
  }

  private NodeOptions options() throws CommandFailure {
    if (loops != null && (loops < 1 || loops > DeviceOptions.MAX_LOOPS)) {
      throw new CommandFailure("--loops: 1 to " + DeviceOptions.MAX_LOOPS + ", not " + loops);
    }
    try {
      if (aead != null) {
        AeadProviders.named(aead); // here, so that a wrong name is a wrong argument
      }
      Set<Offload> without = EnumSet.noneOf(Offload.class);
      withoutOffloads.forEach(word -> without.addAll(Offload.named(word)));
      return new NodeOptions(loops, aead, without);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
    }
  }
}
