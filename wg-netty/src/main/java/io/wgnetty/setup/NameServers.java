package io.wgnetty.setup;

import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name servers that we have told the system of: by resolvconf, or to systemd-resolved. */
final class NameServers {
  private final String interfaceName;
  private final CommandRunner commands;
  private final Path root;
  private List<String> servers = List.of();
  private List<String> domains = List.of();

  /** Whom we have told, {@code null} while nothing is told. */
  private @Nullable Resolver told;

  NameServers(String interfaceName, CommandRunner commands) {
    this(interfaceName, commands, Path.of("/"));
  }

  /**
   * The name servers of an interface.
   *
   * @param root where the system's files are
   */
  NameServers(String interfaceName, CommandRunner commands, Path root) {
    this.interfaceName = interfaceName;
    this.commands = commands;
    this.root = root;
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
    if (!settings.dnsServers().isEmpty()) {
      Resolver unusedResolver = resolver(settings.dnsServers());
    }
  }

  private Resolver resolver(List<String> wanted) throws SetupException {
    if (commands.has(Resolvconf.PROGRAM)) {
      return new Resolvconf(interfaceName, commands, root);
    }
    boolean resolvedRuns = Files.isDirectory(root.resolve(Resolvectl.FOLDER));
    if (resolvedRuns && commands.has(Resolvectl.PROGRAM)) {
      return new Resolvectl(interfaceName, commands);
    }
    throw new SetupException(
        "DNS",
        String.join(", ", wanted),
        "there is no resolvconf in PATH, and no resolvectl with a systemd-resolved that runs:"
            + " install openresolv or systemd-resolved, or remove the DNS line and set name servers"
            + " in a PostUp command");
  }

  /** Tells them; if there are none, has what was told before forgotten. */
  void set(InterfaceSettings settings) throws SetupException, InterruptedException {
    if (settings.dnsServers().isEmpty()) {
      remove();
      return;
    }
    Resolver resolver = resolver(settings.dnsServers());
    resolver.set(settings.dnsServers(), settings.dnsSearchDomains());
    told = resolver;
    servers = settings.dnsServers();
    domains = settings.dnsSearchDomains();
  }

  /**
   * Has those forgotten that another process has told by this file, whose interface is gone.
   *
   * @return whether that was to be done: what systemd-resolved knows of an interface goes with it
   */
  boolean forget(InterfaceSettings settings) throws SetupException, InterruptedException {
    if (settings.dnsServers().isEmpty() || !commands.has(Resolvconf.PROGRAM)) {
      return false;
    }
    new Resolvconf(interfaceName, commands, root).remove(settings.dnsServers());
    return true;
  }

  /** Writes down what was told. */
  void save(StateWriter out) {
    out.texts(servers);
    out.texts(domains);
  }

  /** What {@link #save} wrote down is told, by us. */
  void restore(StateReader in) throws SetupException {
    servers = in.texts();
    domains = in.texts();
    told = servers.isEmpty() ? null : resolver(servers);
  }

  void remove() throws SetupException, InterruptedException {
    Resolver resolver = told;
    if (resolver != null) {
      resolver.remove(servers);
      told = null;
      servers = List.of();
      domains = List.of();
    }
  }

  /** What a report says of their change. */
  static String describe(InterfaceSettings settings) {
    return settings.dnsServers().isEmpty()
        ? "DNS removed"
        : "DNS " + String.join(", ", settings.dnsServers());
  }
}
