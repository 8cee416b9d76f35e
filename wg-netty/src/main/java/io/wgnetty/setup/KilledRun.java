package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.PolicyRule;
import io.wgnetty.netlink.Route;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run of this interface has left that was killed while all traffic went through it: a table
 * in which there is only the route that refuses, and the rules that lead there.
 */
final class KilledRun {
  private static final Logger LOG = LoggerFactory.getLogger(KilledRun.class);

  private static final String STEP = "default route";

  /**
   * The metric of the route that refuses is this, and in the lower bits a hash of the interface's
   * name: by it the next run knows its own from those of others. The kernel gives a default route
   * of ours 0 or 1024, so this one comes last.
   */
  private static final int METRIC_BASE = 0xe000_0000;

  private static final int METRIC_NAME_BITS = 0x0fff_ffff;

  private final String name;
  private final KernelNetwork network;

  KilledRun(String name, KernelNetwork network) {
    this.name = name;
    this.network = network;
  }

  /** The route that refuses everything, in that table of that interface. */
  static Route refusal(boolean ipv6, String name, int table) {
    return refusal(new IpPrefix(ipv6, 0, 0, 0), name, table);
  }

  /** The same for what goes to some addresses. */
  static Route refusal(IpPrefix destination, String name, int table) {
    int metric = METRIC_BASE | (name.hashCode() & METRIC_NAME_BITS);
    return Route.unreachable(destination, table, metric);
  }

  /**
   * Removes it.
   *
   * @return whether there was something
   */
  boolean remove() throws SetupException {
    boolean ipv4 = remove(false);
    return remove(true) || ipv4;
  }

  private boolean remove(boolean ipv6) throws SetupException {
    boolean any = false;
    try {
      List<PolicyRule> rules = network.rules(ipv6);
      for (PolicyRule rule : rules) {
        if (rule.equals(
            PolicyRule.unlessMarked(ipv6, rule.table(), rule.table())
                .withPriority(rule.priority()))) {
          any |= removeIfDead(rules, rule);
        }
      }
    } catch (NetlinkException e) {
      throw new SetupException(STEP, ipv6 ? "IPv6" : "IPv4", e);
    }
    return any;
  }

  private boolean removeIfDead(List<PolicyRule> rules, PolicyRule rule) throws NetlinkException {
    Route refusal = refusal(rule.isIpv6(), name, rule.table());
    if (!network.routes(rule.isIpv6(), rule.table()).equals(List.of(refusal))) {
      return false;
    }
    LOG.info("table {} is left over from a run that was killed: removed", rule.table());
    PolicyRule companion =
        PolicyRule.mainWithoutDefault(rule.isIpv6()).withPriority(rule.priority() - 1);
    unlessGone(() -> network.removeRule(rule));
    if (rules.contains(companion)) {
      unlessGone(() -> network.removeRule(companion));
    }
    unlessGone(() -> network.removeRoute(refusal));
    return true;
  }

  /** One call of the kernel. */
  @FunctionalInterface
  interface Call {
    void make() throws NetlinkException;
  }

  /** Makes a call that removes something; somebody else may have been first. */
  static void unlessGone(Call call) throws NetlinkException {
    try {
      call.make();
    } catch (NetlinkException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ESRCH && e.errno() != Errno.ENODEV) {
        throw e;
      }
    }
  }
}
