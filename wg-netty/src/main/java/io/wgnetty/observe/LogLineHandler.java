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
import org.jspecify.annotations.Nullable;

/**
 * Makes each record of the log one line: when, how grave, from which class, what. Lines go to a
 * ring in memory and, if somebody can read it, to a stream. Whoever logs never waits for the line
 * to be written: event loops log too.
 */
final class LogLineHandler extends Handler {
  private static final DateTimeFormatter WHEN =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  /** How long the end waits for a reader that is slow. */
  private static final long LAST_WORDS_MS = 1000;

  private final LogRing ring;

  /** None if nobody could read it. */
  private final @Nullable LogWriter writer;

  LogLineHandler(LogRing ring) {
    this(ring, null);
  }

  LogLineHandler(OutputStream out, Charset charset) {
    this(new LogRing(), out, charset);
  }

  LogLineHandler(LogRing ring, OutputStream out, Charset charset) {
    this(ring, new LogWriter(out, charset, LogLineHandler::dropNotice));
  }

  private LogLineHandler(LogRing ring, @Nullable LogWriter writer) {
    this.ring = ring;
    this.writer = writer;
    setFormatter(new SimpleFormatter()); // fills parameters in; the line is ours
  }

  @Override
  public void publish(LogRecord line) {
    if (!isLoggable(line)) {
      return;
    }
    String text = format(line);
    ring.add(text);
    if (writer != null) {
      writer.add(text);
    }
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
    return writer == null ? 0 : writer.dropped();
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
    if (writer != null) {
      writer.drain(LAST_WORDS_MS);
    }
  }

  @Override
  public void close() {
    flush();
  }
}
