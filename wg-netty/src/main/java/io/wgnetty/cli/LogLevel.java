package io.wgnetty.cli;

import java.util.Locale;
import java.util.Map;

/** How much goes to the log: the words of {@code LOG_LEVEL} (protocol 7.5). */
enum LogLevel {
  /** What this program does, step by step. */
  VERBOSE("debug", "warn"),
  /** The same, and what Netty does. */
  DEBUG("debug", "debug"),
  /** What went wrong. */
  ERROR("error", "error"),
  SILENT("off", "off");

  private static final String PREFIX = "org.slf4j.simpleLogger.";

  private final String ownLevel;
  private final String libraryLevel;

  LogLevel(String ownLevel, String libraryLevel) {
    this.ownLevel = ownLevel;
    this.libraryLevel = libraryLevel;
  }

  /** The level that the environment asks for; {@code ERROR} for no word and for an unknown one. */
  static LogLevel from(Map<String, String> environment) {
    return switch (environment.getOrDefault("LOG_LEVEL", "").toLowerCase(Locale.ROOT)) {
      case "verbose" -> VERBOSE;
      case "debug" -> DEBUG;
      case "silent" -> SILENT;
      default -> ERROR;
    };
  }

  /** Sets up the log. Only loggers that are made afterwards follow it. */
  void install() {
    System.setProperty(PREFIX + "defaultLogLevel", libraryLevel);
    System.setProperty(PREFIX + "log.io.wgnetty", ownLevel);
    if (this != SILENT) { // the format of a date takes long to make
      System.setProperty(PREFIX + "showDateTime", "true");
      System.setProperty(PREFIX + "dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    }
  }
}
