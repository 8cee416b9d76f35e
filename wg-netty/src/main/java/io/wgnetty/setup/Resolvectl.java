package io.wgnetty.setup;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** systemd-resolved, told by its own program. */
final class Resolvectl implements Resolver {
  private static final Logger LOG = LoggerFactory.getLogger(Resolvectl.class);

  static final String PROGRAM = "resolvectl";

  /** The folder below the root that systemd-resolved has while it runs. */
  static final String FOLDER = "run/systemd/resolve";

  /** All names are asked of this interface's servers; it is what resolvconf's -x comes to. */
  private static final String EVERYTHING = "~.";

  private final String interfaceName;
  private final CommandRunner commands;

  Resolvectl(String interfaceName, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.commands = commands;
  }

  @Override
  public void set(List<String> servers, List<String> domains)
      throws SetupException, InterruptedException {
    List<String> all = new ArrayList<>(domains);
    all.addFirst(EVERYTHING);
    try {
      run("dns", servers, servers);
      run("domain", all, servers);
      run("default-route", List.of("true"), servers);
    } catch (SetupException e) {
      try {
        remove(servers);
      } catch (SetupException undone) {
        LOG.debug("not undone: {}", undone.getMessage());
      }
      throw e;
    }
  }

  @Override
  public void remove(List<String> servers) throws SetupException, InterruptedException {
    run("revert", List.of(), servers);
  }

  private void run(String command, List<String> arguments, List<String> servers)
      throws SetupException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(PROGRAM, command, interfaceName));
    words.addAll(arguments);
    Resolver.run(commands, words, "", servers);
  }
}
