package io.wgnetty.observe;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

/** How much goes to the log: the words of {@code LOG_LEVEL} (protocol 7.5). */
@SuppressWarnings("ImmutableEnumChecker") // a Level never changes
public enum LogLevel {
  /** What this program does, step by step. */
  VERBOSE(Level.FINE, Level.WARNING),
  /** The same, and what Netty does. */
  DEBUG(Level.FINE, Level.FINE),
  /** What an operator wants to know afterwards: interfaces, ports, peers that come and go. */
  INFO(Level.INFO, Level.WARNING),
  /** What went wrong. */
  ERROR(Level.SEVERE, Level.SEVERE),
  SILENT(Level.OFF, Level.OFF);

  static {
    // Before the first logger; whatever would choose another comes later.
    System.setProperty("java.util.logging.manager", LastingLogging.class.getName());
  }

  /** Kept, because the log's own library forgets loggers, and their levels, that nobody holds. */
  static final Logger OWN = Logger.getLogger("io.wgnetty");

  private static final Logger LIBRARIES = Logger.getLogger("");

  /** The last lines. */
  private static final LogRing RING = new LogRing();

  /** Where standard error leads to when nobody is to read it. */
  private static final Path NOWHERE = Path.of("/dev/null");

  /** The platform's own log of the end of each process, with a stack trace. */
  private static final Logger EXIT = Logger.getLogger("java.lang.Runtime");

  private static volatile LogLevel present = ERROR;

  private final Level own;
  private final Level libraries;

  LogLevel(Level own, Level libraries) {
    this.own = own;
    this.libraries = libraries;
  }

  /** The level of this name, whatever its case. */
  public static Optional<LogLevel> named(String word) {
    return Arrays.stream(values()).filter(level -> level.word().equalsIgnoreCase(word)).findFirst();
  }

  /**
   * The level that the environment asks for.
   *
   * @param otherwise for no word
   * @return {@code ERROR} for an unknown word
   */
  public static LogLevel from(Map<String, String> environment, LogLevel otherwise) {
    String word = environment.getOrDefault("LOG_LEVEL", "");
    return word.isEmpty() ? otherwise : named(word).orElse(ERROR);
  }

  /** As it is written in {@code LOG_LEVEL}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** All words, for messages. */
  public static List<String> words() {
    return Arrays.stream(values()).map(LogLevel::word).toList();
  }

  /**
   * Sets up the log: lines of our own form to standard error, unless that leads nowhere, and the
   * last ones in memory. What is said before the process ends is written, but for {@link
   * Runtime#halt}: {@link #drain} comes before.
   */
  public void install() {
    for (Handler other : LIBRARIES.getHandlers()) {
      LIBRARIES.removeHandler(other);
    }
    LIBRARIES.addHandler(errorIsRead() ? toStandardError() : new LogLineHandler(RING));
    Runtime.getRuntime().addShutdownHook(new Thread(LogLevel::drain, "log-end"));
    apply();
  }

  private static Handler toStandardError() {
    // Not System.err, whose lock everybody else who prints there would wait for.
    return new LogLineHandler(RING, new FileOutputStream(FileDescriptor.err), System.err.charset());
  }

  /** Whether standard error leads to somebody. */
  public static boolean errorIsRead() {
    try {
      return !Files.readSymbolicLink(Path.of("/proc/self/fd/2")).equals(NOWHERE);
    } catch (IOException | UnsupportedOperationException e) {
      return true; // closed, or no /proc: harmless, or not to be known
    }
  }

  /** The last lines, for who asks this process. */
  public static LogRing recent() {
    return RING;
  }

  /** The level that is in force. */
  public static LogLevel present() {
    return present;
  }

  /** Sends the log somewhere else, too, at the level that is in force. */
  public static void addHandler(Handler handler) {
    handler.setLevel(present.own);
    LIBRARIES.addHandler(handler);
  }

  /** Waits until the log is written, or a second if it is not read: for the moment of the end. */
  public static void drain() {
    for (Handler handler : LIBRARIES.getHandlers()) {
      handler.flush();
    }
  }

  /** How many lines were dropped so far, because nobody read the log. */
  static long linesDropped() {
    long lines = 0;
    for (Handler handler : LIBRARIES.getHandlers()) {
      lines += handler instanceof LogLineHandler ours ? ours.dropped() : 0;
    }
    return lines;
  }

  /** Changes what goes to the log, at any time. */
  public void apply() {
    present = this;
    for (Handler handler : LIBRARIES.getHandlers()) {
      handler.setLevel(own);
    }
    // Not more than warnings are kept back here: a person who waits hears of them in any case.
    OWN.setLevel(own.intValue() > Level.WARNING.intValue() ? Level.WARNING : own);
    LIBRARIES.setLevel(libraries);
    EXIT.setLevel(Level.OFF);
  }
}
