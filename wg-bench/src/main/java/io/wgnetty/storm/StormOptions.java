package io.wgnetty.storm;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a storm is to be. {@code bin/storm} gives the hidden options. */
@Command(
    name = "storm",
    usageHelpAutoWidth = true,
    sortOptions = false,
    description = "Loads a WireGuard node with handshakes.")
final class StormOptions {
  /** The loads there are. */
  enum LoadName {
    RESTART,
    STEADY,
    FLOOD,
    SCAN,
    GOODPUT,
    CRASH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Parameters(paramLabel = "LOAD", description = "${COMPLETION-CANDIDATES}")
  LoadName load = LoadName.RESTART;

  @Option(
      names = "--clients",
      paramLabel = "N",
      description = "clients, or peers without session (${DEFAULT-VALUE})")
  int clients = 20_000;

  @Option(
      names = "--addresses",
      paramLabel = "N",
      description = "addresses that the clients share (${DEFAULT-VALUE})")
  int addresses = 2_000;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "how long a load without an end lasts (${DEFAULT-VALUE})")
  int seconds = 20;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description = "flood, scan: packets a second (${DEFAULT-VALUE})")
  int rate = 20_000;

  @Option(names = "--kind", paramLabel = "KIND", description = "flood: ${COMPLETION-CANDIDATES}")
  FloodKind kind = FloodKind.FORGED;

  @Option(
      names = "--faster",
      paramLabel = "N",
      description = "steady: sessions are renewed every 120 s divided by this (${DEFAULT-VALUE})")
  int faster = 1;

  @Option(
      names = "--trickle",
      paramLabel = "S",
      description =
          "steady, crash: time between keepalives, or echoes, of a peer (${DEFAULT-VALUE})")
  int trickleS = 10;

  @Option(
      names = "--steps",
      paramLabel = "FROM..TO",
      description = "goodput: multiples of what the node can do (${DEFAULT-VALUE})")
  String steps = "1..10";

  @Option(
      names = "--step-seconds",
      paramLabel = "S",
      description = "goodput: how long each step is measured (${DEFAULT-VALUE})")
  int stepS = 5;

  @Option(
      names = "--limit",
      paramLabel = "S",
      description = "when restart, or crash, is given up (${DEFAULT-VALUE})")
  int limitS = 120;

  @Option(
      names = "--lead",
      paramLabel = "S",
      description = "crash: how long all had a session when the node is killed (${DEFAULT-VALUE})")
  int leadS = 12;

  @Option(
      names = "--newcomers",
      paramLabel = "N",
      description = "honest newcomers a second beside the load (${DEFAULT-VALUE})")
  int newcomers = 10;

  @Option(names = "--no-tcp", description = "without the TCP stream beside the load")
  boolean noTcp;

  @Option(
      names = "--confirm",
      description = "restart: clients verify at once and confirm by a keepalive")
  boolean confirm;

  @Option(names = "--seed", paramLabel = "N", description = "of all keys (${DEFAULT-VALUE})")
  long seed = 1;

  @Option(names = "--help", hidden = true, usageHelp = true)
  boolean help;

  @Option(names = "--validate", hidden = true)
  boolean validate;

  @Option(names = "--server", hidden = true, paramLabel = "ADDRESS")
  String serverAddress = "198.51.100.2";

  @Option(names = "--server-port", hidden = true)
  int serverPort = 51820;

  /** Holds the server's process once it is configured. */
  @Option(names = "--server-pid-file", hidden = true)
  @Nullable Path serverPidFile;

  @Option(names = "--control-socket", hidden = true)
  @Nullable Path controlSocket;

  @Option(names = "--against", hidden = true)
  String against = "unknown";

  @Option(names = "--revision", hidden = true)
  String revision = "unknown";

  @Option(names = "--configuration", hidden = true)
  @Nullable Path configuration;

  @Option(names = "--configure", hidden = true)
  String configure = "true";

  @Option(names = "--kill-command", hidden = true)
  String killCommand = "false";

  @Option(names = "--start-command", hidden = true)
  String startCommand = "false";

  @Option(names = "--touch-command", hidden = true)
  String touchCommand = "false";

  @Option(names = "--tcp-command", hidden = true)
  @Nullable String tcpCommand;

  @Option(
      names = "--tcp-before",
      paramLabel = "S",
      description = "how long TCP is measured before the load (${DEFAULT-VALUE})")
  int tcpBeforeS = 8;

  @Option(
      names = "--tcp-warm-up",
      paramLabel = "S",
      description = "how long TCP runs before that (${DEFAULT-VALUE})")
  int tcpWarmUpS = 6;

  @Option(names = "--results", hidden = true)
  @Nullable Path results;

  /** Where what is to become of the server is written for those who configure it. */
  Path configurationFile() {
    return configuration == null ? Path.of("storm.conf") : configuration;
  }

  /** Clients of the load itself that have a number. */
  int crowd() {
    return switch (load) {
      case RESTART, STEADY, GOODPUT, CRASH -> clients;
      case FLOOD -> kind == FloodKind.REPLAY ? FloodLoad.REPLAYED_PEERS : 0;
      case SCAN -> 0;
    };
  }

  /** Newcomers that there are at most. */
  int newcomerCount() {
    return newcomers * longestS();
  }

  /** With the newcomers. */
  int totalClients() {
    return crowd() + newcomerCount();
  }

  private int longestS() {
    return switch (load) {
      case RESTART, CRASH -> limitS;
      case STEADY -> seconds + 120 / faster + 1;
      case GOODPUT -> (stepS + 3) * (stepsTo() - stepsFrom() + 2) + 6;
      case FLOOD, SCAN -> seconds;
    };
  }

  int stepsFrom() {
    return Integer.parseInt(steps.substring(0, steps.indexOf('.')));
  }

  int stepsTo() {
    return Integer.parseInt(steps.substring(steps.lastIndexOf('.') + 1));
  }

  /**
   * Reads a command line.
   *
   * @throws CommandLine.ParameterException if it makes no sense; the message says what
   */
  static StormOptions parse(String... arguments) {
    StormOptions options = new StormOptions();
    CommandLine line = commandLine(options);
    line.parseArgs(arguments);
    if (options.load == LoadName.CRASH) {
      options.newcomers = 0; // who calls for the first time while there is no node says nothing
    }
    String problem = options.problem();
    if (problem != null) {
      throw new CommandLine.ParameterException(line, problem);
    }
    return options;
  }

  /** What each option does, for people. */
  static String help() {
    return commandLine(new StormOptions()).getHelp().optionList();
  }

  private static CommandLine commandLine(StormOptions options) {
    return new CommandLine(options).setCaseInsensitiveEnumValuesAllowed(true);
  }

  private @Nullable String problem() {
    if (!steps.matches("[1-9][0-9]?\\.\\.[1-9][0-9]?") || stepsFrom() > stepsTo()) {
      return "--steps takes two numbers such as 1..10 (got " + steps + ")";
    }
    record Range(String name, int value, int least, int most) {}
    for (Range range :
        List.of(
            new Range("--clients", clients, 1, Addresses.MAX_CROWD),
            new Range("--addresses", addresses, 1, Addresses.MAX_CROWD),
            new Range("--seconds", seconds, 1, 3_600),
            new Range("--rate", rate, 1, 1_000_000),
            new Range("--faster", faster, 1, 20),
            new Range("--trickle", trickleS, 1, 3_600),
            new Range("--step-seconds", stepS, 1, 600),
            new Range("--limit", limitS, 1, 3_600),
            new Range("--lead", leadS, 0, 60),
            new Range("--newcomers", newcomers, 0, 1_000),
            new Range("--tcp-before", tcpBeforeS, 1, 600),
            new Range("--tcp-warm-up", tcpWarmUpS, 0, 600))) {
      if (range.value < range.least || range.value > range.most) {
        return "%s takes a number from %d to %d (got %d)"
            .formatted(range.name, range.least, range.most, range.value);
      }
    }
    if (load == LoadName.CRASH && clients > addresses * (long) Scene.MAX_SOCKETS) {
      return "crash takes at most %d clients on each of --addresses".formatted(Scene.MAX_SOCKETS);
    }
    if (newcomerCount() > Addresses.MAX_NEWCOMERS) {
      return "--newcomers times the duration are more than " + Addresses.MAX_NEWCOMERS;
    }
    return null;
  }
}
