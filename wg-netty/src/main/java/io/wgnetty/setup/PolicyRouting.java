package io.wgnetty.setup;

import io.wgnetty.device.DeviceControl;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.util.List;

/**
 * The default routes of both families, and the mark by which our own datagrams are kept out of
 * them.
 */
final class PolicyRouting {
  /** Where wg-quick begins to look for a table that nobody uses. */
  static final int FIRST_TABLE = 51820;

  /** Free ones come at once, or somebody fills them on purpose. */
  static final int MAX_TABLES = 10_000;

  private static final String MARK_STEP = "FwMark";
  private static final String ACCEPT_MARKED = "net/ipv4/conf/all/src_valid_mark";

  private final DeviceControl device;
  private final KernelNetwork network;
  private final KernelSettings kernelSettings;
  private final DefaultRoute ipv4;
  private final DefaultRoute ipv6;
  private boolean markIsOurs;
  private boolean acceptedMarked;

  PolicyRouting(DeviceControl device, String name, int linkIndex, SetupTools tools) {
    this.device = device;
    this.network = tools.network();
    this.kernelSettings = tools.kernelSettings();
    this.ipv4 = new DefaultRoute(false, name, linkIndex, tools);
    this.ipv6 = new DefaultRoute(true, name, linkIndex, tools);
  }

  /** Whether the mark was chosen here, not by the file. */
  boolean markIsOurs() {
    return markIsOurs;
  }

  /** Chooses the mark and has answers marked; before the interface's first datagram is sent. */
  void prepare(RoutePlan plan, List<LinkAddress> addresses)
      throws SetupException, InterruptedException {
    // In wg-quick's order, which its users know from its output.
    if (plan.defaultIpv6()) {
      ipv6.prepare(mark(), addresses);
    }
    if (plan.defaultIpv4()) {
      prepareIpv4(addresses);
    }
  }

  private void prepareIpv4(List<LinkAddress> addresses)
      throws SetupException, InterruptedException {
    int mark = mark();
    acceptMarked();
    ipv4.prepare(mark, addresses);
  }

  /** Makes the default routes that the plan has. */
  void add(RoutePlan plan) throws SetupException {
    if (plan.defaultIpv6()) {
      ipv6.add();
    }
    if (plan.defaultIpv4()) {
      ipv4.add();
    }
  }

  /** The mark of our datagrams; a new one if there is none. */
  private int mark() throws SetupException {
    int present = device.settings().fwmark();
    if (present != 0) {
      return present;
    }
    int chosen = freeTable();
    setMark(chosen);
    markIsOurs = true;
    return chosen;
  }

  private int freeTable() throws SetupException {
    try {
      for (int table = FIRST_TABLE; table < FIRST_TABLE + MAX_TABLES; table++) {
        if (network.routes(false, table).isEmpty() && network.routes(true, table).isEmpty()) {
          return table;
        }
      }
    } catch (NetlinkException e) {
      throw new SetupException("Table", "", e);
    }
    throw new SetupException(
        "Table", "", "the routing tables from " + FIRST_TABLE + " on are all in use");
  }

  private void setMark(int mark) throws SetupException {
    try {
      device.setFwmark(mark);
    } catch (IOException e) {
      throw new SetupException(MARK_STEP, Integer.toUnsignedString(mark), e);
    }
  }

  /** Otherwise strict filtering of sources would drop the answers to marked datagrams. */
  private void acceptMarked() throws SetupException {
    try {
      if (!kernelSettings.read(ACCEPT_MARKED).equals("1")) {
        kernelSettings.write(ACCEPT_MARKED, "1");
        acceptedMarked = true;
      }
    } catch (IOException e) {
      throw new SetupException(
          "sysctl",
          "net.ipv4.conf.all.src_valid_mark=1",
          e.getMessage()
              + ": set it before (a container: --sysctl net.ipv4.conf.all.src_valid_mark=1), or"
              + " use Table");
    }
  }

  /** Writes down what of it is there. */
  void save(StateWriter out) {
    out.bool(markIsOurs);
    ipv4.save(out);
    ipv6.save(out);
  }

  /** What {@link #save} wrote down is there, and ours. */
  void restore(StateReader in, List<LinkAddress> addresses) {
    markIsOurs = in.bool();
    ipv4.restore(in, addresses);
    ipv6.restore(in, addresses);
  }

  /** Removes all of it, also the mark if the file did not ask for it. */
  void remove() throws SetupException, InterruptedException {
    try {
      ipv4.remove();
    } finally {
      try {
        ipv6.remove();
      } finally {
        forgetMark();
      }
    }
  }

  private void forgetMark() throws SetupException {
    if (markIsOurs) {
      setMark(0);
      markIsOurs = false;
    }
  }

  /**
   * After a failed start only: while the interface works others come to rely on it, so wg-quick
   * leaves it, and we do.
   */
  void stopAcceptingMarked() throws SetupException {
    if (acceptedMarked) {
      acceptedMarked = false;
      try {
        kernelSettings.write(ACCEPT_MARKED, "0");
      } catch (IOException e) {
        throw new SetupException("sysctl", "net.ipv4.conf.all.src_valid_mark=0", e);
      }
    }
  }

  /** Changes to what the plan has and to the mark of the file, 0 if it has none. */
  void change(
      RoutePlan plan, int fileMark, List<LinkAddress> addresses, ReloadReport.Builder report) {
    boolean wanted = plan.defaultIpv4() || plan.defaultIpv6();
    int present = device.settings().fwmark();
    boolean keepsMark = fileMark == 0 ? wanted && markIsOurs : fileMark == present;
    if (!keepsMark && present != fileMark) {
      changeMark(fileMark, wanted, report);
    } else if (fileMark != 0) {
      markIsOurs = false;
    }
    change(ipv6, plan.defaultIpv6(), "IPv6", addresses, report);
    change(ipv4, plan.defaultIpv4(), "IPv4", addresses, report);
  }

  private void changeMark(int fileMark, boolean wanted, ReloadReport.Builder report) {
    // Rules and tables bear the mark: they are made again.
    if (ipv6.isPresent()) {
      report.attempt(wanted ? "" : "IPv6 default route removed", ipv6::remove);
    }
    if (ipv4.isPresent()) {
      report.attempt(wanted ? "" : "IPv4 default route removed", ipv4::remove);
    }
    markIsOurs = false;
    String text = fileMark != 0 ? "0x" + Integer.toHexString(fileMark) : wanted ? "chosen" : "off";
    report.attempt("FwMark " + text, () -> setMark(fileMark));
  }

  private void change(
      DefaultRoute route,
      boolean wanted,
      String family,
      List<LinkAddress> addresses,
      ReloadReport.Builder report) {
    if (route.isPresent() && wanted) {
      route.repair(addresses, report);
    } else if (route.isPresent()) {
      report.attempt(family + " default route removed", route::remove);
    } else if (wanted) {
      report.attempt(
          family + " default route added",
          () -> {
            try {
              if (route == ipv4) {
                prepareIpv4(addresses);
              } else {
                ipv6.prepare(mark(), addresses);
              }
              route.add();
            } catch (SetupException | InterruptedException e) {
              route.remove();
              throw e;
            }
          });
    }
  }
}
