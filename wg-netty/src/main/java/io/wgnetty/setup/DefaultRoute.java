package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.PolicyRule;
import io.wgnetty.netlink.Route;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All traffic of one family through the interface (protocol 7.5): a default route in a table of its
 * own, a rule that sends there what does not bear our mark, and before it a rule by which the main
 * table's other routes still count.
 *
 * <p>Behind the default route stands one that refuses. The kernel removes the first with its
 * interface, also when the process is killed; then nothing leaves in clear.
 */
final class DefaultRoute {
  private static final Logger LOG = LoggerFactory.getLogger(DefaultRoute.class);

  private static final String STEP = "default route";

  private final boolean ipv6;
  private final KernelNetwork network;
  private final int linkIndex;
  private final String name;
  private final AntiSpoofing firewall;
  private final List<PolicyRule> rules = new ArrayList<>();
  private @Nullable Route route;
  private @Nullable Route refusal;
  private int table;

  DefaultRoute(boolean ipv6, String name, int linkIndex, SetupTools tools) {
    this.ipv6 = ipv6;
    this.network = tools.network();
    this.linkIndex = linkIndex;
    this.name = name;
    this.firewall = new AntiSpoofing(name, ipv6, tools);
  }

  boolean isPresent() {
    return route != null;
  }

  /**
   * Has the answers to our datagrams marked. To be called before the first of them is sent: an
   * answer that comes when the rules are there, and has no mark, is dropped by a strict filter of
   * sources, and the next handshake is 5 seconds later.
   */
  void prepare(int mark, List<LinkAddress> addresses) throws SetupException, InterruptedException {
    table = mark;
    removeLeftovers();
    firewall.set(addresses, mark);
  }

  /** Makes routes and rules; what was made before a failure is left to {@link #remove}. */
  void add() throws SetupException {
    IpPrefix all = new IpPrefix(ipv6, 0, 0, 0);
    Route fresh = new Route(all, linkIndex, table);
    attempt(fresh.toString(), () -> network.addRoute(fresh));
    route = fresh;
    Route last = KilledRun.refusal(ipv6, name, table);
    attempt(last.toString(), () -> network.addRoute(last));
    refusal = last;
    addRules();
  }

  private void addRules() throws SetupException {
    for (PolicyRule rule :
        List.of(PolicyRule.unlessMarked(ipv6, table, table), PolicyRule.mainWithoutDefault(ipv6))) {
      attempt(rule.toString(), () -> rules.add(added(rule)));
    }
  }

  /**
   * Removes the rules of a run that was killed: they lead to our table though nothing is in it, and
   * would pile up. The routes have gone with its interface.
   */
  private void removeLeftovers() throws SetupException {
    attempt(
        "",
        () -> {
          if (!network.routes(ipv6, table).isEmpty()) {
            return;
          }
          List<PolicyRule> present = network.rules(ipv6);
          PolicyRule stale = PolicyRule.unlessMarked(ipv6, table, table);
          PolicyRule companion = PolicyRule.mainWithoutDefault(ipv6);
          for (PolicyRule rule : present) {
            if (rule.withPriority(0).equals(stale)) {
              LOG.info("rule {} is left over from a run that was killed: removed", rule);
              network.removeRule(rule);
              PolicyRule before = companion.withPriority(rule.priority() - 1);
              if (present.contains(before)) {
                network.removeRule(before);
              }
            }
          }
        });
  }

  /** Makes a rule; the kernel's choice of priority tells ours from others that say the same. */
  private PolicyRule added(PolicyRule rule) throws NetlinkException {
    List<PolicyRule> before = network.rules(ipv6);
    network.addRule(rule);
    return network.rules(ipv6).stream()
        .filter(each -> each.withPriority(0).equals(rule) && !before.contains(each))
        .findFirst()
        .orElse(rule);
  }

  /** Puts back what somebody else has taken away, and follows the interface's addresses. */
  void repair(List<LinkAddress> addresses, ReloadReport.Builder report) {
    Route ours = route;
    if (ours == null) {
      return;
    }
    report.attempt("", () -> repairRoute(ours, report));
    Route last = refusal;
    if (last != null) {
      report.attempt("", () -> repairRoute(last, report));
    }
    report.attempt("", () -> repairRules(report));
    if (firewall.differs(addresses)) {
      report.attempt("", () -> firewall.set(addresses, table));
    }
  }

  private void repairRoute(Route ours, ReloadReport.Builder report) throws SetupException {
    attempt(
        ours.toString(),
        () -> {
          if (!network.routes(ipv6, table).contains(ours)) {
            network.addRoute(ours);
            report.changed("route " + ours + " added");
          }
        });
  }

  private void repairRules(ReloadReport.Builder report) throws SetupException {
    List<PolicyRule> present = new ArrayList<>();
    attempt("", () -> present.addAll(network.rules(ipv6)));
    if (!present.containsAll(rules)) {
      // Their order matters: both again.
      removeRules();
      addRules();
      report.changed("rules " + (ipv6 ? "-6" : "-4") + " added");
    }
  }

  /** Writes down what of it is there. */
  void save(StateWriter out) {
    out.bool(route != null);
    out.bool(refusal != null);
    out.int32(table);
    out.int32(rules.size());
    for (PolicyRule rule : rules) {
      out.bool(rule.inverted()); // the other one is the main table's
      out.int32(rule.priority());
    }
    firewall.save(out);
  }

  /** What {@link #save} wrote down is there, and ours. */
  void restore(StateReader in, List<LinkAddress> addresses) {
    boolean hasRoute = in.bool();
    boolean hasRefusal = in.bool();
    table = in.int32();
    route = hasRoute ? new Route(new IpPrefix(ipv6, 0, 0, 0), linkIndex, table) : null;
    refusal = hasRefusal ? KilledRun.refusal(ipv6, name, table) : null;
    int count = in.count(2);
    for (int i = 0; i < count; i++) {
      PolicyRule rule =
          in.bool()
              ? PolicyRule.unlessMarked(ipv6, table, table)
              : PolicyRule.mainWithoutDefault(ipv6);
      rules.add(rule.withPriority(in.int32()));
    }
    firewall.restore(in, addresses);
  }

  /** Removes all of it, as far as that is possible. */
  void remove() throws SetupException, InterruptedException {
    try {
      firewall.remove();
    } finally {
      try {
        removeRules();
      } finally {
        removeRoutes();
      }
    }
  }

  private void removeRules() throws SetupException {
    for (PolicyRule rule : List.copyOf(rules).reversed()) {
      attempt(rule.toString(), () -> KilledRun.unlessGone(() -> network.removeRule(rule)));
      rules.remove(rule);
    }
  }

  private void removeRoutes() throws SetupException {
    Route last = refusal;
    if (last != null) {
      attempt(last.toString(), () -> KilledRun.unlessGone(() -> network.removeRoute(last)));
      refusal = null;
    }
    Route ours = route;
    if (ours != null) {
      attempt(ours.toString(), () -> KilledRun.unlessGone(() -> network.removeRoute(ours)));
      route = null;
    }
  }

  private static void attempt(String item, KilledRun.Call call) throws SetupException {
    try {
      call.make();
    } catch (NetlinkException e) {
      throw new SetupException(STEP, item, e);
    }
  }
}
