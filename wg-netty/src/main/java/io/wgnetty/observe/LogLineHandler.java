package io.wgnetty.observe;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Writes each record of the log as one line: when, how grave, from which class, what. */
final class LogLineHandler extends Handler {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  private final PrintStream out;

  LogLineHandler(PrintStream out) {
    this.out = out;
    setFormatter(new SimpleFormatter()); // fills parameters in; the line is ours
  }

  @Override
  public void publish(LogRecord line) {
    if (!isLoggable(line)) {
      return;
    }
    out.print(format(line));
    out.flush();
  }

  String format(LogRecord line) {
    var text = new StringBuilder(120);
    WHEN.formatTo(Instant.ofEpochMilli(line.getMillis()), text);
    text.append(' ').append(word(line.getLevel())).append(' ').append(shortName(line)).append(": ");
    text.append(getFormatter().formatMessage(line)).append('\n');
    Throwable thrown = line.getThrown();
    if (thrown != null) {
      var trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      text.append(trace);
    }
    return text.toString();
  }

  private static String word(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN";
    }
    return value >= Level.INFO.intValue() ? "INFO" : "DEBUG";
  }

  private static String shortName(LogRecord line) {
    String name = line.getLoggerName();
    return name == null ? "-" : name.substring(name.lastIndexOf('.') + 1);
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    flush();
  }
}
