package io.wgnetty.client;

import java.util.Locale;

/** Colours for a terminal, or none: those of {@code wg} (protocol 7.3). */
public record Palette(boolean on) {
  private static final String RESET = "\033[0m";

  /** As WG_COLOR_MODE says; without it, colours are for terminals, unless NO_COLOR is set. */
  public static Palette of(CommandContext context) {
    return switch (context.variable("WG_COLOR_MODE").toLowerCase(Locale.ROOT)) {
      case "always" -> new Palette(true);
      case "never" -> new Palette(false);
      default ->
          new Palette(context.variable("NO_COLOR").isEmpty() && context.streams().outIsTerminal());
    };
  }

  String bold(String text) {
    return with("\033[1m", text);
  }

  /** Names of interfaces. */
  String green(String text) {
    return with("\033[32m", text);
  }

  /** Keys of peers. */
  String yellow(String text) {
    return with("\033[33m", text);
  }

  /** Units. */
  String cyan(String text) {
    return with("\033[36m", text);
  }

  /** What is wrong. */
  String red(String text) {
    return with("\033[31m", text);
  }

  String reversed(String text) {
    return with("\033[7m", text);
  }

  private String with(String sequence, String text) {
    return on ? sequence + text + RESET : text;
  }
}
