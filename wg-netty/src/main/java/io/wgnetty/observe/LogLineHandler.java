package io.wgnetty.observe;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Makes each record of the log one line: when, how grave, from which class, what. Whoever logs
 * never waits for the line to be written: event loops log too.
 */
final class LogLineHandler extends Handler {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  /** How long the end waits for a reader that is slow. */
  private static final long LAST_WORDS_MS = 1000;

  private final LogWriter writer;

  LogLineHandler(OutputStream out, Charset charset) {
    this.writer = new LogWriter(out, charset, LogLineHandler::dropNotice);
    setFormatter(new SimpleFormatter()); // fills parameters in; the line is ours
  }

  @Override
  public void publish(LogRecord line) {
    if (!isLoggable(line)) {
      return;
    }
    writer.add(format(line));
  }

  private static String dropNotice(long lines) {
    var text = new StringBuilder(120);
    WHEN.formatTo(Instant.now(), text);
    return text.append(" WARN log: lines dropped, because nobody read the log fast enough: ")
        .append(lines)
        .append('\n')
        .toString();
  }

  /** Lines that were dropped so far. */
  long dropped() {
    return writer.dropped();
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

  /** Waits until all lines are written, or a second if they are not read. */
  @Override
  public void flush() {
    writer.drain(LAST_WORDS_MS);
  }

  @Override
  public void close() {
    flush();
  }
}
