package io.wgnetty.cli;

import io.wgnetty.client.CommandContext;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.EventsRequest;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.InterfaceName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows what happens to peers. */
@Command(
    name = "events",
    description = {
      "Follows what happens to peers.",
      "",
      "Connected, back, moved, gone, and what fails: prints a line for each event until the node ends. Follows all interfaces that run, unless one"
          + " is named."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  wg-netty events wg0",
      "  wg-netty events --json | jq -r 'select(.event == \"gone\") | .label'"
    })
final class EventsCommand extends BaseCommand {
  private final CommandContext context;

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "The interface, or its file's path; all that run unless given.",
      completionCandidates = RunningInterfaces.class)
  private @Nullable String name;

  @Option(names = "--json", description = "Prints each event as a line of JSON.")
  private boolean json;

  EventsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws CommandFailure {
    if (name != null) {
      EventsRequest.follow(context, InterfaceName.ofNameOrPath(name), json);
      return 0;
    }
    List<String> names = new ControlSockets(context.socketDirectory()).running();
    if (names.isEmpty()) {
      throw CommandFailure.notRunning("no interface is running");
    }
    List<CommandFailure> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (String each : names) {
      threads.add(Thread.ofVirtual().start(() -> follow(each, failures)));
    }
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure("was interrupted");
      }
    }
    if (!failures.isEmpty()) {
      throw failures.getFirst();
    }
    return 0;
  }

  /** The others go on when one cannot be followed. */
  private void follow(String each, List<CommandFailure> failures) {
    try {
      EventsRequest.follow(context, each, json);
    } catch (CommandFailure e) {
      context.streams().err().println("wg-netty: " + e.getMessage());
      failures.add(e);
    }
  }
}
