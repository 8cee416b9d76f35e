package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Lines to the journal and to syslog, as whoever listens there gets them. */
@Timeout(30)
class SystemLogTest {
  @TempDir private Path directory;

  private Path journal() {
    return directory.resolve("journal");
  }

  private Path syslog() {
    return directory.resolve("log");
  }

  private SystemLog log() {
    return Objects.requireNonNull(SystemLog.find(journal(), syslog()));
  }

  private static LogRecord line(Level level, String text, Object... parameters) {
    var line = new LogRecord(level, text);
    line.setParameters(parameters);
    return line;
  }

  @Test
  void shouldWriteToTheJournalWhereThereIsOne() throws IOException {
    Files.createFile(syslog()); // both: the journal hears of both
    try (var receiver = NotifyReceiver.listen(journal().toString())) {
      SystemLog log = log();
      log.publish(line(Level.INFO, "interface {0} is up", "wg0"));
      log.publish(line(Level.WARNING, "two\nlines"));
      log.publish(line(Level.SEVERE, "x"));
      log.publish(line(Level.FINE, "x"));
      String head = "'PRIORITY=%d\\nSYSLOG_IDENTIFIER=wg-netty\\nMESSAGE\\n";
      assertThat(receiver.next())
          .isEqualTo(
              head.formatted(6)
                  + "\\x13\\x00\\x00\\x00\\x00\\x00\\x00\\x00interface wg0 is up\\n'");
      assertThat(receiver.next())
          .isEqualTo(head.formatted(4) + "\\t\\x00\\x00\\x00\\x00\\x00\\x00\\x00two\\nlines\\n'");
      assertThat(receiver.next()).startsWith(head.formatted(3));
      assertThat(receiver.next()).startsWith(head.formatted(7));
    }
  }

  @Test
  void shouldWriteToSyslogWhereThereIsNoJournal() throws IOException {
    try (var receiver = NotifyReceiver.listen(syslog().toString())) {
      SystemLog log = log();
      log.publish(line(Level.INFO, "interface {0} is up", "wg0"));
      log.publish(line(Level.SEVERE, "two\nlines"));
      long pid = ProcessHandle.current().pid();
      assertThat(receiver.next()).isEqualTo("'<30>wg-netty[" + pid + "]: interface wg0 is up'");
      assertThat(receiver.next()).isEqualTo("'<27>wg-netty[" + pid + "]: two lines'");
    }
  }

  @Test
  void shouldTellTheReasonAndNoMoreThanADatagramHolds() throws IOException {
    try (var receiver = NotifyReceiver.listen(syslog().toString())) {
      LogRecord failure = line(Level.SEVERE, "cannot");
      failure.setThrown(new IOException("because"));
      SystemLog log = log();
      log.publish(failure);
      log.publish(line(Level.INFO, "x".repeat(1_000_000)));
      assertThat(receiver.next()).contains("cannot java.io.IOException: because");
      assertThat(receiver.next()).hasSizeGreaterThan(4000).hasSizeLessThan(20_000);
    }
  }

  @Test
  void shouldBeNoneWhereTheMachineHasNone() {
    @Nullable SystemLog none = SystemLog.find(journal(), syslog());
    assertThat(none).isNull();
  }

  @Test
  void shouldNotWaitForSomebodyWhoIsGoneOrDoesNotRead() throws Exception {
    SystemLog log;
    try (var receiver = NotifyReceiver.listen(syslog().toString())) {
      log = log();
      Process stop = new ProcessBuilder("kill", "-STOP", "" + receiver.process().pid()).start();
      assertThat(stop.waitFor()).isZero();
      for (int i = 0; i < 10_000; i++) {
        log.publish(line(Level.INFO, "a line that nobody reads")); // far more than a socket holds
      }
      new ProcessBuilder("kill", "-CONT", "" + receiver.process().pid()).start().waitFor();
    }
    log.publish(line(Level.INFO, "nobody is there"));
  }
}
