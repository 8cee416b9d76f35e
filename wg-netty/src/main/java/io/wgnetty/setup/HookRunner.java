package io.wgnetty.setup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the commands of a configuration file. */
final class HookRunner {
  private static final Logger LOG = LoggerFactory.getLogger(HookRunner.class);

  /** wg-quick is a bash script with these options, and hooks are evaluated in it. */
  private static final List<String> BASH =
      List.of("bash", "-e", "-o", "pipefail", "-O", "extglob", "-c");

  private static final List<String> SH = List.of("/bin/sh", "-e", "-c");

  private final String interfaceName;
  private final CommandRunner commands;

  HookRunner(String interfaceName, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.commands = commands;
  }

  /**
   * Runs commands one after the other.
   *
   * @param key the file's key for them
   * @throws SetupException if one fails; those behind it do not run then
   */
  void run(String key, List<String> hooks) throws SetupException, InterruptedException {
    for (String hook : hooks) {
      run(key, hook);
    }
  }

  private void run(String key, String hook) throws SetupException, InterruptedException {
    String script = hook.replace("%i", interfaceName);
    LOG.info("interface {}: {}: {}", interfaceName, key, script);
    var words = new ArrayList<>(commands.has("bash") ? BASH : SH);
    words.add(script);
    int status;
    try {
      status = commands.show(words);
    } catch (IOException e) {
      throw new SetupException(key, quoted(script), e);
    }
    if (status != 0) {
      throw new SetupException(key, quoted(script), "ended with status " + status);
    }
  }

  private static String quoted(String script) {
    return "`" + script + "'";
  }
}
