package io.wgnetty.setup;

import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.netlink.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a node leaves on the machine when it is killed: rules, firewall tables, name servers. The
 * interface has gone with it, and with that its addresses and routes.
 */
public final class Leftovers {
  private final String name;
  private final InterfaceSettings settings;
  private final SetupTools tools;
  private final Consumer<String> output;
  private final List<String> done = new ArrayList<>();
  private final ReloadReport.Builder report = new ReloadReport.Builder();

  /**
   * What became of them.
   *
   * @param done what was removed or run, each in a few words
   */
  public record CleanUp(List<String> done, List<String> failures) {
    public CleanUp {
      done = List.copyOf(done);
      failures = List.copyOf(failures);
    }
  }

  private Leftovers(
      String name, InterfaceSettings settings, SetupTools tools, Consumer<String> output) {
    this.name = name;
    this.settings = settings;
    this.tools = tools;
    this.output = output;
  }

  /**
   * Removes them, and runs the PostDown commands, as the node would have done at its end. Whatever
   * fails does not keep the rest from it.
   *
   * @param settings what the file says
   * @param wasKilled whether it is known that there was a node; if not, something of it must be
   *     found before name servers are taken away and commands run
   * @param output takes what commands print
   * @return nothing done if nothing was left
   */
  public static CleanUp remove(
      String name,
      InterfaceSettings settings,
      SetupTools tools,
      boolean wasKilled,
      Consumer<String> output) {
    var leftovers = new Leftovers(name, settings, tools, output);
    leftovers.remove(wasKilled);
    return new CleanUp(leftovers.done, leftovers.report.build().failures());
  }

  private void remove(boolean wasKilled) {
    report.attempt("", this::removeDefaultRoutes);
    report.attempt("", this::removeRefusedRoutes);
    if (done.isEmpty() && !wasKilled) {
      return;
    }
    report.attempt("", () -> new AntiSpoofing(name, false, tools).removeLeftover());
    report.attempt("", () -> new AntiSpoofing(name, true, tools).removeLeftover());
    report.attempt("", this::removeGatewayRules);
    report.attempt("", this::removeNameServers);
    if (!settings.hooks().postDown().isEmpty()) {
      report.attempt("", this::runPostDown);
    }
  }

  private void removeDefaultRoutes() throws SetupException {
    if (new KilledRun(name, tools.network()).remove()) {
      done.add("default routes with their rules and firewall");
    }
  }

  private void removeRefusedRoutes() throws SetupException {
    RouteTable table = settings.table();
    int number = table.kind() == RouteTable.Kind.NUMBERED ? table.number() : Route.MAIN_TABLE;
    if (new RefusedRoutes(name, tools.network(), false).removeLeftover(number)) {
      done.add("routes that refuse");
    }
  }

  private void removeGatewayRules() throws SetupException {
    if (new GatewayRules(name, tools).removeLeftover()) {
      done.add("masquerading and isolation");
    }
  }

  private void removeNameServers() throws SetupException, InterruptedException {
    if (new NameServers(name, tools.commands()).forget(settings)) {
      done.add("name servers");
    }
  }

  private void runPostDown() throws SetupException, InterruptedException {
    var hooks = new HookRunner(name, tools.commands());
    hooks.printTo(output);
    hooks.run("PostDown", settings.hooks().postDown());
    done.add("PostDown was run");
  }
}
