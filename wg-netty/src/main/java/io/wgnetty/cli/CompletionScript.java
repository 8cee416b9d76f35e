package io.wgnetty.cli;

import picocli.AutoComplete;
import picocli.CommandLine;

/** The script that completes command lines in a shell. */
final class CompletionScript {
  private static final String PROGRAM = "wg-netty";

  /**
   * Interfaces that run and those that have a file; and the peers of the one that the line names. A
   * peer's name may have spaces.
   */
  private static final String QUESTIONS =
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

      # What completes positional parameters takes one round of quotes away.
      function __wg_netty_quoted_peers() {
        local each
        __wg_netty_peers | while IFS= read -r each; do printf '%q\\n' "$each"; done
      }

      # The names of the peers of the first interface in the line, one a line.
      function __wg_netty_peers() {
        local word each
        for word in "${COMP_WORDS[@]}"; do
          for each in $(__wg_netty_interfaces); do
            if [ "$word" = "$each" ]; then
              wg-netty list-peers --names "$word" 2>/dev/null
              return
            fi
          done
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
        lines(
            lines(
                script.replaceAll(
                    list(RunningInterfaces.PLACEHOLDER), "(\\$(__wg_netty_interfaces))"),
                "\\w+_pos_param_args",
                "__wg_netty_quoted_peers"),
            "\\w+",
            "__wg_netty_peers");
    int afterFirstLine = dynamic.indexOf('\n') + 1;
    return dynamic.substring(0, afterFirstLine) + QUESTIONS + dynamic.substring(afterFirstLine);
  }

  /** Asks for the names of peers, one a line, where variables of this kind are declared. */
  private static String lines(String script, String variable, String question) {
    return script.replaceAll(
        "local (" + variable + ")=" + list(PeerNames.PLACEHOLDER),
        "local IFS=\\$'\\\\n'; local $1=(\\$(" + question + ")); IFS=\\$' \\\\t\\\\n'");
  }

  /** The parser's list of one word. */
  private static String list(String word) {
    return "\\(\\s*\"?" + word + "\"?\\s*\\)";
  }

  /** For zsh: to be evaluated, or to be found as a file {@code _wg-netty}. */
  static String zsh(CommandLine program) {
    return ZSH_BEFORE + bash(program).stripTrailing() + '\n' + ZSH_AFTER;
  }
}
