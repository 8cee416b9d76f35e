package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.ManagementClient;
import io.wgnetty.client.NodeReport;
import io.wgnetty.client.Palette;
import io.wgnetty.client.TopJson;
import io.wgnetty.client.TopOrder;
import io.wgnetty.client.TopScreen;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who has the traffic, again and again. */
@Command(
    name = "top",
    description = {
      "Shows an interface's peers live, the busiest first.",
      "",
      "Asks the node only for the rows on the screen, so it works with very many peers."
    },
    footerHeading = "%nKeys:%n",
    footer = {
      "  q quits; arrows, PgUp, PgDn, Home and End move; s sorts by something else.",
      "",
      "Examples:",
      "  wg-netty top",
      "  wg-netty top wg0 --sort rx --interval 0.5",
      "  wg-netty top wg0 --once > peers.txt",
      "  wg-netty top wg0 --once --json | jq '.peers[] | {name, sent_bytes_per_second}'",
      "",
      "Without a terminal it prints one table."
    })
final class TopCommand extends BaseCommand {
  private static final double MIN_SECONDS = 0.5;
  private static final double MAX_SECONDS = 30;

  /** Rows of a table that goes to a file. */
  private static final int TABLE_ROWS = 50;

  /** Rows of a document: what a node gives at a time. */
  private static final int DOCUMENT_ROWS = 1000;

  /** Columns of such a table: none of its own is wider. */
  private static final int TABLE_COLUMNS = 140;

  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "The interface; may be left out if only one is running.",
      completionCandidates = RunningInterfaces.class)
  private @Nullable String name;

  @Option(
      names = {"-s", "--sort"},
      paramLabel = "ORDER",
      description = "rate (default), rx, tx, total or handshake.",
      completionCandidates = Orders.class)
  private String sort = TopOrder.RATE.word();

  @Option(
      names = {"-i", "--interval"},
      paramLabel = "SECONDS",
      description = "Time between two views, 0.5 to 30; 1 unless given.")
  private double interval = 1;

  @Option(
      names = {"-n", "--iterations"},
      paramLabel = "N",
      description = "Ends after N views.")
  private @Nullable Integer iterations;

  @Option(names = "--once", description = "Prints one table and ends.")
  private boolean once;

  @Option(
      names = "--json",
      description = "Prints one JSON document of up to 1,000 peers and ends; -n prints more.")
  private boolean json;

  private TopOrder order = TopOrder.RATE;
  private int first;

  TopCommand(CommandContext context) {
    this.context = context;
  }

  /** For the completion of command lines. */
  static final class Orders implements Iterable<String> {
    @Override
    public java.util.Iterator<String> iterator() {
      return TopOrder.words().iterator();
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    order =
        TopOrder.named(sort)
            .orElseThrow(
                () ->
                    CommandFailure.usage(
                        "--sort: one of " + String.join(", ", TopOrder.words()) + ", not " + sort));
    if (!(interval >= MIN_SECONDS && interval <= MAX_SECONDS)) {
      throw CommandFailure.usage("--interval: 0.5 to 30 seconds, not " + interval);
    }
    if (iterations != null && iterations < 1) {
      throw CommandFailure.usage("-n: 1 or more, not " + iterations);
    }
    var sockets = new ControlSockets(context.socketDirectory());
    String chosen = name == null ? onlyInterface(sockets) : name;
    try (var client = ManagementClient.connect(sockets, chosen)) {
      if (once || json || !context.streams().outIsTerminal()) {
        table(client, chosen);
      } else {
        watch(client, chosen);
      }
    } catch (IOException e) {
      throw new CommandFailure("the terminal failed: " + CommandFailure.firstLine(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static String onlyInterface(ControlSockets sockets) throws CommandFailure {
    List<String> running = sockets.running();
    if (running.size() != 1) {
      throw running.isEmpty()
          ? CommandFailure.notRunning("no interface is running")
          : CommandFailure.usage("which interface? " + String.join(", ", running));
    }
    return running.getFirst();
  }

  private NodeReport ask(ManagementClient client, String chosen, int rows) throws CommandFailure {
    return NodeReport.ask(
        client,
        chosen,
        "top",
        List.of(
            Map.entry("sort", order.word()),
            Map.entry("first", Integer.toString(first)),
            Map.entry("count", Integer.toString(rows))));
  }

  private void table(ManagementClient client, String chosen)
      throws CommandFailure, InterruptedException {
    int times = iterations == null ? 1 : iterations;
    ask(client, chosen, 0); // what the first rates are relative to
    for (int i = 0; i < times; i++) {
      Thread.sleep(Math.round(interval * 1000));
      NodeReport report = ask(client, chosen, json ? DOCUMENT_ROWS : TABLE_ROWS);
      if (json) {
        context.streams().out().print(TopJson.of(report, order));
        context.streams().out().flush();
      } else {
        screen()
            .render(report, order, first, TABLE_COLUMNS)
            .forEach(context.streams().out()::println);
      }
    }
  }

  private TopScreen screen() {
    return new TopScreen(Palette.of(context), System.currentTimeMillis() / 1000);
  }

  private void watch(ManagementClient client, String chosen)
      throws CommandFailure, IOException, InterruptedException {
    try (var terminal = Terminal.open(context.streams())) {
      int left = iterations == null ? Integer.MAX_VALUE : iterations;
      while (left-- > 0) {
        Terminal.Size size = Terminal.size();
        int rows = Math.max(1, size.rows() - TopScreen.HEAD_LINES);
        NodeReport report = ask(client, chosen, rows);
        int all = (int) report.node().number("peers");
        if (first > 0 && first >= all) {
          first = Math.max(0, all - rows);
          continue;
        }
        terminal.show(screen().render(report, order, first, size.columns()), size.rows());
        if (!awaitNext(terminal, size, rows, all)) {
          return;
        }
      }
    }
  }

  /** Waits for the next view's time, a key or another size; false if it is to end. */
  private boolean awaitNext(Terminal terminal, Terminal.Size size, int rows, int all)
      throws IOException, InterruptedException {
    long endNs = System.nanoTime() + Math.round(interval * TimeUnit.SECONDS.toNanos(1));
    while (System.nanoTime() < endNs && size.equals(Terminal.size())) {
      String key = terminal.nextKey();
      if (key.equals("q") || key.equals("Q")) {
        return false;
      }
      if (pressed(key, rows, all)) {
        return true;
      }
    }
    return true;
  }

  /** Whether the key changes what is seen. */
  private boolean pressed(String key, int rows, int all) {
    int last = Math.max(0, all - rows);
    int wanted =
        switch (key) {
          case "\033[A", "\033OA", "k" -> first - 1;
          case "\033[B", "\033OB", "j" -> first + 1;
          case "\033[5~" -> first - rows;
          case "\033[6~", " " -> first + rows;
          case "\033[H", "\033[1~", "\033OH" -> 0;
          case "\033[F", "\033[4~", "\033OF" -> last;
          default -> first;
        };
    int before = first;
    first = Math.clamp(wanted, 0, last);
    if (key.equals("s")) {
      order = order.next();
      first = 0;
      return true;
    }
    return first != before;
  }
}
