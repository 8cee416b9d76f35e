package io.wgnetty.setup;

import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.protocol.IpText;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The firewall table that wg-quick makes beside a default route: nobody on another network may
 * speak to the interface's addresses, and answers to our datagrams are looked up by our mark.
 */
final class AntiSpoofing {
  private static final Logger LOG = LoggerFactory.getLogger(AntiSpoofing.class);

  private static final String STEP = "firewall";
  private static final String PROGRAM = "nft";

  private final String interfaceName;
  private final String family;
  private final boolean ipv6;
  private final CommandRunner commands;
  private List<LinkAddress> addresses = List.of();
  private boolean present;

  AntiSpoofing(String interfaceName, boolean ipv6, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.family = ipv6 ? "ip6" : "ip";
    this.ipv6 = ipv6;
    this.commands = commands;
  }

  private String table() {
    return "wg-quick-" + interfaceName;
  }

  /** Whether the table was made for other addresses. */
  boolean differs(List<LinkAddress> all) {
    return present && !addresses.equals(ofFamily(all));
  }

  private List<LinkAddress> ofFamily(List<LinkAddress> all) {
    return all.stream().filter(address -> address.host().isIpv6() == ipv6).toList();
  }

  /** Makes the table, in place of one of that name. */
  void set(List<LinkAddress> all, int mark) throws SetupException, InterruptedException {
    if (!commands.has(PROGRAM)) {
      LOG.warn(
          "interface {}: there is no nft in PATH: packets of other networks to its addresses are"
              + " not dropped, and answers to marked datagrams are not marked",
          interfaceName);
      return;
    }
    List<LinkAddress> own = ofFamily(all);
    run(script(own, mark));
    addresses = own;
    present = true;
  }

  String script(List<LinkAddress> own, int mark) {
    String name = family + " " + table();
    StringBuilder script = new StringBuilder();
    // Adding what is there already is no error, so afterwards nothing of an older one is left.
    script.append("add table %s\ndelete table %s\nadd table %s\n".formatted(name, name, name));
    chain(script, name, "preraw", "prerouting", -300);
    chain(script, name, "premangle", "prerouting", -150);
    chain(script, name, "postmangle", "postrouting", -150);
    for (LinkAddress address : own) {
      script.append(
          "add rule %s preraw iifname != \"%s\" %s daddr %s fib saddr type != local drop\n"
              .formatted(
                  name, interfaceName, family, IpText.format(address.host().addressBytes())));
    }
    script.append(
        "add rule %s postmangle meta l4proto udp mark %s ct mark set mark\n"
            .formatted(name, Integer.toUnsignedString(mark)));
    script.append("add rule %s premangle meta l4proto udp meta mark set ct mark\n".formatted(name));
    return script.toString();
  }

  private static void chain(
      StringBuilder script, String table, String chain, String hook, int priority) {
    script.append(
        "add chain %s %s { type filter hook %s priority %d; }\n"
            .formatted(table, chain, hook, priority));
  }

  void remove() throws SetupException, InterruptedException {
    if (present) {
      String name = family + " " + table();
      run("add table %s\ndelete table %s\n".formatted(name, name));
      present = false;
      addresses = List.of();
    }
  }

  private void run(String script) throws SetupException, InterruptedException {
    try {
      CommandResult result = commands.run(List.of(PROGRAM, "-f", "-"), script);
      if (result.status() != 0) {
        throw new SetupException(STEP, table(), "nft: " + result.complaint());
      }
    } catch (IOException e) {
      throw new SetupException(STEP, table(), e);
    }
  }
}
