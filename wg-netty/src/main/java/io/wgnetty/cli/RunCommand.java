package io.wgnetty.cli;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.NodeProcess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command without a name: runs an interface until it ends. */
@Command(
    name = "wg-netty",
    description = "WireGuard in user space: sets interfaces up, runs them, and shows what they do.",
    customSynopsis = {"wg-netty COMMAND [ARGUMENTS]", "wg-netty [-f] [NODE OPTIONS] IFNAME"},
    subcommands = {
      RunFilesCommand.class,
      GenkeyCommand.class,
      PubkeyCommand.class,
      GenpskCommand.class,
      CheckCommand.class,
      DemoCommand.class,
      ShowCommand.class,
      StatusCommand.class,
      DoctorCommand.class,
      CaptureCommand.class,
      AccountCommand.class,
      EventsCommand.class,
      CiphersCommand.class,
      TopCommand.class,
      ListPeersCommand.class,
      AddPeerCommand.class,
      ApiCommand.class,
      RemovePeerCommand.class,
      ChangePeerCommand.class,
      RenamePeerCommand.class,
      DisablePeerCommand.class,
      EnablePeerCommand.class,
      LimitCommand.class,
      PeersCommand.class,
      ReloadCommand.class,
      DownCommand.class,
      SaveCommand.class,
      UpgradeCommand.class,
      ForgetSessionsCommand.class,
      LogCommand.class,
      LogLevelCommand.class,
      CompletionCommand.class,
      ManCommand.class,
      picocli.CommandLine.HelpCommand.class
    },
    footerHeading = "%nEnvironment:%n",
    footer = {
      "  LOG_LEVEL                verbose, debug (with Netty's own log), info, error,",
      "                           silent; error if it is none of these",
      "  NO_COLOR, WG_COLOR_MODE  no colours; always or never colours",
      "  WG_PROCESS_FOREGROUND=1  stays in the foreground, as -f does",
      "  WG_TUN_FD, WG_UAPI_FD    numbers of open descriptors to use: a TUN device,",
      "                           a listening UNIX socket",
      "",
      "'wg-netty IFNAME' creates an interface without any configuration, for wg and",
      "wg-quick. It leaves a daemon behind; with -f (--foreground) it stays. The node",
      "options are those of 'wg-netty run --help'. The interface ends on SIGTERM, on",
      "SIGINT, when it is deleted (ip link del IFNAME), and when its socket",
      "/var/run/wireguard/IFNAME.sock is removed.",
      "",
      "Exit status: 0 for success, 1 for a failure, 2 for a wrong command line,",
      "3 if the interface is not running."
    })
final class RunCommand extends BaseCommand {
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

  @Mixin private NodeOptionsMixin options = new NodeOptionsMixin();

  RunCommand(NodeProcess node) {
    this.node = node;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (name == null) {
      throw CommandFailure.usage("which interface? wg-netty IFNAME, or wg-netty --help");
    }
    node.run(name, options.options());
    return 0;
  }
}
