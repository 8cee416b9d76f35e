package io.wgnetty.setup;

import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The addresses that we have given the interface. */
final class InterfaceAddresses {
  private static final String STEP = "Address";

  private final KernelNetwork network;
  private final int linkIndex;
  private final Set<LinkAddress> ours = new LinkedHashSet<>();

  InterfaceAddresses(KernelNetwork network, int linkIndex) {
    this.network = network;
    this.linkIndex = linkIndex;
  }

  void add(List<InterfaceAddress> addresses) throws SetupException {
    for (LinkAddress address : linkAddresses(addresses)) {
      add(address);
    }
  }

  private static List<LinkAddress> linkAddresses(List<InterfaceAddress> addresses) {
    return addresses.stream()
        .map(address -> new LinkAddress(address.host(), address.prefixLength()))
        .toList();
  }

  private void add(LinkAddress address) throws SetupException {
    try {
      network.addAddress(linkIndex, address);
      ours.add(address);
    } catch (NetlinkException e) {
      throw new SetupException(STEP, address.toString(), e);
    }
  }

  private void remove(LinkAddress address) throws SetupException {
    try {
      network.removeAddress(linkIndex, address);
    } catch (NetlinkException e) {
      // Somebody else was first, or it went with the network's first address.
      if (e.errno() != Errno.EADDRNOTAVAIL && e.errno() != Errno.ENODEV) {
        throw new SetupException(STEP, address.toString(), e);
      }
    }
    ours.remove(address);
  }

  void removeAll() throws SetupException {
    for (LinkAddress address : List.copyOf(ours).reversed()) {
      remove(address);
    }
  }

  /** All that the interface has now, also those that are not ours. */
  List<LinkAddress> present() throws SetupException {
    try {
      return network.addresses(linkIndex);
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
  }

  /** Makes ours those that are wanted, and says in the report what that took. */
  void change(List<InterfaceAddress> wanted, ReloadReport.Builder report) throws SetupException {
    Set<LinkAddress> target = new LinkedHashSet<>(linkAddresses(wanted));
    List<LinkAddress> surplus = new ArrayList<>(ours);
    surplus.removeAll(target);
    // New ones first: with its last address an interface loses all routes of the family.
    addMissing(target, report, true);
    for (LinkAddress address : surplus) {
      report.attempt("address " + address + " removed", () -> remove(address));
    }
    if (!surplus.isEmpty()) {
      // With the first address of a network the kernel may remove its others.
      addMissing(target, report, false);
    }
  }

  private void addMissing(Set<LinkAddress> target, ReloadReport.Builder report, boolean tell)
      throws SetupException {
    Set<LinkAddress> present = Set.copyOf(present());
    for (LinkAddress address : target) {
      if (present.contains(address)) {
        ours.add(address);
      } else {
        report.attempt(tell ? "address " + address + " added" : "", () -> add(address));
      }
    }
  }
}
