package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;

/**
 * The log of the machine, for a node in the background: the journal, or syslog's socket. Never
 * waits: a line that it does not take at once is in the node's own memory only.
 */
public final class SystemLog extends Handler {
  private static final Path JOURNAL = Path.of("/run/systemd/journal/socket");
  private static final Path SYSLOG = Path.of("/dev/log");
  private static final String IDENTIFIER = "wg-netty";

  /** Of the priorities of syslog. */
  private static final int ERROR = 3;

  private static final int WARNING = 4;
  private static final int INFO = 6;
  private static final int DEBUG = 7;

  private static final int FACILITY_DAEMON = 3 << 3;

  /** Both take datagrams far longer than that. */
  private static final int MAX_CHARACTERS = 16 * 1024;

  private static volatile @Nullable SystemLog installed;

  private final boolean journal;
  private final NotifySocket socket;

  private SystemLog(boolean journal, NotifySocket socket) {
    this.journal = journal;
    this.socket = socket;
    setFormatter(new SimpleFormatter()); // fills parameters in
  }

  /** The machine's, {@code null} if it has none. */
  public static @Nullable SystemLog find() {
    return find(JOURNAL, SYSLOG);
  }

  static @Nullable SystemLog find(Path journal, Path syslog) {
    try {
      if (Files.exists(journal)) {
        return new SystemLog(true, NotifySocket.to(journal.toString()));
      }
      return Files.exists(syslog) ? new SystemLog(false, NotifySocket.to(syslog.toString())) : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Remembers that the log of this process goes there. */
  public SystemLog asPresent() {
    installed = this;
    return this;
  }

  /** Which it is that the log of this process goes to, in words; {@code null} for none. */
  static @Nullable String present() {
    SystemLog log = installed;
    return log == null ? null : log.journal ? "the journal" : "syslog";
  }

  @Override
  public void publish(LogRecord line) {
    if (isLoggable(line)) {
      boolean unusedSent = socket.offer(journal ? journalEntry(line) : syslogLine(line));
    }
  }

  private byte[] journalEntry(LogRecord line) {
    byte[] message = text(line).getBytes(UTF_8);
    var entry = new ByteArrayOutputStream(message.length + 100);
    entry.writeBytes(
        "PRIORITY=%d\nSYSLOG_IDENTIFIER=%s\nMESSAGE\n"
            .formatted(priority(line), IDENTIFIER)
            .getBytes(UTF_8));
    // A value with line ends in it has its length in front.
    entry.writeBytes(
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(message.length)
            .array());
    entry.writeBytes(message);
    entry.write('\n');
    return entry.toByteArray();
  }

  private byte[] syslogLine(LogRecord line) {
    String text = text(line).replace('\n', ' ');
    return "<%d>%s[%d]: %s"
        .formatted(
            FACILITY_DAEMON | priority(line), IDENTIFIER, ProcessHandle.current().pid(), text)
        .getBytes(UTF_8);
  }

  private String text(LogRecord line) {
    String text = getFormatter().formatMessage(line);
    Throwable thrown = line.getThrown();
    if (thrown != null) {
      var trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace, true));
      text += "\n" + trace.toString().strip();
    }
    return text.length() > MAX_CHARACTERS ? text.substring(0, MAX_CHARACTERS) : text;
  }

  private static int priority(LogRecord line) {
    int level = line.getLevel().intValue();
    if (level >= Level.SEVERE.intValue()) {
      return ERROR;
    }
    if (level >= Level.WARNING.intValue()) {
      return WARNING;
    }
    return level >= Level.INFO.intValue() ? INFO : DEBUG;
  }

  @Override
  public void flush() {}

  /** Nothing: it is wanted to the end. */
  @Override
  public void close() {}
}
