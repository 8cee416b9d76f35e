package io.wgnetty.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command without a name: runs an interface until it ends.
 *
 * <p>Always in the foreground. To stay in the background is the launcher's business, so no
 * environment can make this program start another one.
 */
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
      DemoCommand.class,
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
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

  private final NodeStarter starter;
  private final Map<String, String> environment;
  private final Path socketDirectory;

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

  RunCommand(NodeStarter starter, Map<String, String> environment, Path socketDirectory) {
    this.starter = starter;
    this.environment = Map.copyOf(environment);
    this.socketDirectory = socketDirectory;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (name == null) {
      throw new CommandFailure("which interface? wg-netty IFNAME, or wg-netty --help");
    }
    var readiness = Readiness.from(environment);
    var running = new AtomicReference<@Nullable NodeRun>();
    // SIGTERM and SIGINT end the JVM with 143 and 130 unless somebody halts it before.
    var onSignal = new Thread(() -> endBySignal(running.get()), "end");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (NodeRun run = start(name)) {
      running.set(run);
      readiness.ready();
      LOG.info("{} ends: {}", name, run.awaitEnd());
    } finally {
      forget(onSignal);
    }
    return 0;
  }

  private NodeRun start(String wanted) throws CommandFailure {
    try {
      return NodeRun.start(
          starter,
          InterfaceName.check(wanted),
          InheritedDescriptor.from(environment, "WG_TUN_FD"),
          InheritedDescriptor.from(environment, "WG_UAPI_FD"),
          socketDirectory);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.debug("cannot run {}", wanted, e);
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new CommandFailure(wanted + ": " + message.lines().findFirst().orElse(""));
    }
  }

  private static void endBySignal(@Nullable NodeRun run) {
    try {
      if (run != null) {
        run.close();
      }
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private static void forget(Thread onSignal) {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      LOG.debug("a signal came while the interface ended by itself");
    }
  }
}
