package io.wgnetty.cli;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The call by which nodes are started, {@code wg-netty [-f] IFNAME}, understood without the parser
 * of command lines: that one takes longer to load than the node takes to start.
 */
final class PlainArguments {
  /** The words that are commands, though interfaces could have these names. */
  static final Set<String> COMMANDS =
      Set.of(
          "account",
          "add-peer",
          "api",
          "capture",
          "change-peer",
          "check",
          "ciphers",
          "completion",
          "demo",
          "disable-peer",
          "doctor",
          "down",
          "events",
          "enable-peer",
          "genkey",
          "genpsk",
          "help",
          "list-peers",
          "log",
          "limit",
          "log-level",
          "man",
          "peers",
          "pubkey",
          "reload",
          "remove-peer",
          "rename-peer",
          "run",
          "forget-sessions",
          "save",
          "upgrade",
          "show",
          "status",
          "top",
          "up");

  private PlainArguments() {}

  /** The interface's name; null if there is anything else, which the parser is to judge. */
  static @Nullable String interfaceName(String... arguments) {
    String name = null;
    boolean foreground = false;
    for (String argument : arguments) {
      boolean option = argument.equals("-f") || argument.equals("--foreground");
      if (option ? foreground : name != null || !isPlainName(argument)) {
        return null;
      }
      if (option) {
        foreground = true;
      } else {
        name = argument;
      }
    }
    return name;
  }

  private static boolean isPlainName(String argument) {
    // The parser takes '-' for an option's beginning and '@' for a file of arguments.
    return !argument.isEmpty()
        && argument.charAt(0) != '-'
        && argument.charAt(0) != '@'
        && !COMMANDS.contains(argument);
  }
}
