package io.wgnetty.setup;

import io.wgnetty.config.InterfaceSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name servers that we have told resolvconf of, as wg-quick does it. */
final class NameServers {
  private static final String STEP = "DNS";
  private static final String PROGRAM = "resolvconf";

  /** Debian's resolvconf looks at names in an order of its own; tunnels are marked by a prefix. */
  private static final Path ORDER = Path.of("/etc/resolvconf/interface-order");

  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9-]+)\\*");

  private final String interfaceName;
  private final CommandRunner commands;
  private List<String> servers = List.of();
  private List<String> domains = List.of();

  NameServers(String interfaceName, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.commands = commands;
  }

  /** Whether these are not what is in force. */
  boolean differ(InterfaceSettings settings) {
    // Search domains alone are not told, as with wg-quick.
    boolean none = settings.dnsServers().isEmpty();
    return !servers.equals(settings.dnsServers())
        || (!none && !domains.equals(settings.dnsSearchDomains()));
  }

  /** Makes sure, before anything is changed, that they could be set. */
  void check(InterfaceSettings settings) throws SetupException {
    if (!settings.dnsServers().isEmpty() && !commands.has(PROGRAM)) {
      throw new SetupException(
          STEP,
          String.join(", ", settings.dnsServers()),
          "there is no resolvconf in PATH: install openresolv, or systemd-resolved with its"
              + " resolvconf, or remove the DNS line and set name servers in a PostUp command");
    }
  }

  /** Tells them; if there are none, has what was told before forgotten. */
  void set(InterfaceSettings settings) throws SetupException, InterruptedException {
    if (settings.dnsServers().isEmpty()) {
      remove();
      return;
    }
    check(settings);
    StringBuilder lines = new StringBuilder();
    settings
        .dnsServers()
        .forEach(server -> lines.append("nameserver ").append(server).append('\n'));
    if (!settings.dnsSearchDomains().isEmpty()) {
      lines.append("search ").append(String.join(" ", settings.dnsSearchDomains())).append('\n');
    }
    run(List.of(PROGRAM, "-a", record(), "-m", "0", "-x"), lines.toString(), settings.dnsServers());
    servers = settings.dnsServers();
    domains = settings.dnsSearchDomains();
  }

  void remove() throws SetupException, InterruptedException {
    if (!servers.isEmpty()) {
      run(List.of(PROGRAM, "-d", record(), "-f"), "", servers);
      servers = List.of();
      domains = List.of();
    }
  }

  private void run(List<String> words, String input, List<String> item)
      throws SetupException, InterruptedException {
    try {
      CommandResult result = commands.run(words, input);
      if (result.status() != 0) {
        String reason = String.join(" ", words) + ": " + result.complaint();
        throw new SetupException(STEP, String.join(", ", item), reason);
      }
    } catch (IOException e) {
      throw new SetupException(STEP, String.join(", ", item), e);
    }
  }

  private String record() {
    try {
      for (String line : Files.readAllLines(ORDER)) {
        Matcher prefix = PREFIX.matcher(line);
        if (prefix.matches()) {
          return prefix.group(1) + "." + interfaceName;
        }
      }
    } catch (IOException e) {
      return interfaceName; // another resolvconf, or none
    }
    return interfaceName;
  }
}
