package io.wgnetty.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** resolvconf, of openresolv, Debian or systemd, as wg-quick calls it. */
final class Resolvconf implements Resolver {
  static final String PROGRAM = "resolvconf";

  /** Debian's resolvconf looks at names in an order of its own; tunnels are marked by a prefix. */
  private static final String ORDER = "etc/resolvconf/interface-order";

  private static final Pattern PREFIX = Pattern.compile("([A-Za-z0-9-]+)\\*");

  private final String interfaceName;
  private final CommandRunner commands;
  private final Path root;

  /**
   * One for an interface.
   *
   * @param root where the system's files are
   */
  Resolvconf(String interfaceName, CommandRunner commands, Path root) {
    this.interfaceName = interfaceName;
    this.commands = commands;
    this.root = root;
  }

  @Override
  public void set(List<String> servers, List<String> domains)
      throws SetupException, InterruptedException {
    StringBuilder lines = new StringBuilder();
    servers.forEach(server -> lines.append("nameserver ").append(server).append('\n'));
    if (!domains.isEmpty()) {
      lines.append("search ").append(String.join(" ", domains)).append('\n');
    }
    List<String> words = List.of(PROGRAM, "-a", record(), "-m", "0", "-x");
    Resolver.run(commands, words, lines.toString(), servers);
  }

  @Override
  public void remove(List<String> servers) throws SetupException, InterruptedException {
    Resolver.run(commands, List.of(PROGRAM, "-d", record(), "-f"), "", servers);
  }

  private String record() {
    Path program = commands.find(PROGRAM);
    if (program != null && Files.isSymbolicLink(program)) {
      // That of systemd is a link to resolvectl, which takes the name of an interface and no other;
      // the order is what a resolvconf that was removed has left.
      return interfaceName;
    }
    try {
      for (String line : Files.readAllLines(root.resolve(ORDER))) {
        Matcher prefix = PREFIX.matcher(line);
        if (prefix.matches()) {
          return prefix.group(1) + "." + interfaceName;
        }
      }
    } catch (IOException e) {
      return interfaceName; // another resolvconf
    }
    return interfaceName;
  }
}
