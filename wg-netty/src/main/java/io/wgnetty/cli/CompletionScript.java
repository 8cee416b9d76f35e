package io.wgnetty.cli;

import picocli.AutoComplete;
import picocli.CommandLine;

/** The script that completes command lines in a shell. */
final class CompletionScript {
  private static final String PROGRAM = "wg-netty";

  /** Those that run, and those that have a file. */
  private static final String INTERFACES =
      """
      # The names of interfaces that run here or have a file.
      function __wg_netty_interfaces() {
        local each
        for each in /var/run/wireguard/*.sock /etc/wireguard/*.conf; do
          [ -e "$each" ] || continue
          each=${each##*/}
          echo "${each%.*}"
        done
      }

      """;

  private CompletionScript() {}

  /** For bash; zsh understands it with what it has for that. */
  static String bash(CommandLine program) {
    String script = AutoComplete.bash(PROGRAM, program);
    String dynamic =
        script.replaceAll(
            "\\(\\s*\"?" + RunningInterfaces.PLACEHOLDER + "\"?\\s*\\)",
            "(\\$(__wg_netty_interfaces))");
    int afterFirstLine = dynamic.indexOf('\n') + 1;
    return dynamic.substring(0, afterFirstLine) + INTERFACES + dynamic.substring(afterFirstLine);
  }

  /** For zsh. */
  static String zsh(CommandLine program) {
    return "#compdef "
        + PROGRAM
        + "\nautoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n"
        + bash(program);
  }
}
