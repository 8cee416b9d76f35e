package io.wgnetty.setup;

import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.protocol.IpText;
import java.io.IOException;
import java.util.List;

/** The rules of {@link AntiSpoofing} for kernels without nf_tables, as wg-quick has them there. */
final class IptablesFirewall {
  private static final String STEP = "firewall";

  private final String interfaceName;
  private final String prefix;
  private final CommandRunner commands;

  IptablesFirewall(String interfaceName, boolean ipv6, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.prefix = ipv6 ? "ip6tables" : "iptables";
    this.commands = commands;
  }

  /** What has to be installed. */
  String program() {
    return prefix + "-restore";
  }

  boolean isAvailable() {
    return commands.has(program()) && commands.has(saver());
  }

  private String saver() {
    return prefix + "-save";
  }

  /**
   * By this comment the rules are found again; it is wg-quick's, so each can clean up for the
   * other.
   */
  private String comment() {
    return "wg-quick(8) rule for " + interfaceName;
  }

  /** Makes the rules, in place of those that are there. */
  void set(List<LinkAddress> own, int mark) throws SetupException, InterruptedException {
    remove();
    String end = " -m comment --comment \"" + comment() + "\"\n";
    StringBuilder rules = new StringBuilder("*raw\n");
    for (LinkAddress address : own) {
      String text = IpText.format(address.host().addressBytes());
      rules.append(
          "-I PREROUTING ! -i %s -d %s -m addrtype ! --src-type LOCAL -j DROP%s"
              .formatted(interfaceName, text, end));
    }
    rules.append("COMMIT\n*mangle\n");
    rules.append(
        "-I POSTROUTING -m mark --mark %s -p udp -j CONNMARK --save-mark%s"
            .formatted(Integer.toUnsignedString(mark), end));
    rules.append("-I PREROUTING -p udp -j CONNMARK --restore-mark").append(end);
    rules.append("COMMIT\n");
    restore(rules.toString());
  }

  void remove() throws SetupException, InterruptedException {
    String saved = run(List.of(saver()), "");
    StringBuilder removal = new StringBuilder();
    boolean found = false;
    for (String line : saved.split("\n", -1)) {
      if (line.startsWith("*") || line.equals("COMMIT")) {
        removal.append(line).append('\n');
      } else if (line.startsWith("-A ") && line.contains("\"" + comment() + "\"")) {
        removal.append("-D ").append(line, "-A ".length(), line.length()).append('\n');
        found = true;
      }
    }
    if (found) {
      restore(removal.toString());
    }
  }

  /** Keeps the rules of others. */
  private void restore(String rules) throws SetupException, InterruptedException {
    String unusedOutput = run(List.of(program(), "-n"), rules);
  }

  private String run(List<String> words, String input) throws SetupException, InterruptedException {
    try {
      CommandResult result = commands.run(words, input);
      if (result.status() != 0) {
        throw new SetupException(STEP, interfaceName, words.getFirst() + ": " + result.complaint());
      }
      return result.output();
    } catch (IOException e) {
      throw new SetupException(STEP, interfaceName, e);
    }
  }
}
