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

  /**
   * In front of bash's script: zsh's own completion, unless it is there, and bash's commands, one
   * of which zsh lacks.
   */
  private static final String ZSH_BEFORE =
      """
      #compdef wg-netty
      whence compdef >/dev/null || { autoload -U +X compinit && compinit -u; }
      autoload -U +X bashcompinit && bashcompinit
      whence compopt >/dev/null || function compopt { :; }
      """;

  /** Behind it: zsh reads a file of completions only when the first line is to be completed. */
  private static final String ZSH_AFTER =
      """
      if [[ ${funcstack[1]} == _wg-netty ]]; then
        _bash_complete -o default -F _complete_wg-netty
      fi
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

  /** For zsh: to be evaluated, or to be found as a file {@code _wg-netty}. */
  static String zsh(CommandLine program) {
    return ZSH_BEFORE + bash(program).stripTrailing() + '\n' + ZSH_AFTER;
  }
}
