package io.wgnetty.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogWriterTest {
  private static final long SOON_MS = 20_000;

  /** A reader who takes a line when he is allowed to. */
  private static final class Reader extends OutputStream {
    private final Semaphore allowed = new Semaphore(0);
    private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int one) {
      throw new AssertionError("lines are written whole");
    }

    @Override
    public void write(byte[] line, int offset, int length) {
      allowed.acquireUninterruptibly();
      synchronized (taken) {
        taken.write(line, offset, length);
      }
    }

    private List<String> lines() {
      synchronized (taken) {
        return taken.toString(UTF_8).lines().toList();
      }
    }

    private void readAll() {
      allowed.release(1_000_000);
    }
  }

  private final Reader reader = new Reader();
  private final LogWriter writer = new LogWriter(reader, UTF_8, lines -> lines + " dropped\n");

  private static String line(int number) {
    return "%06d ".formatted(number) + "x".repeat(92) + '\n';
  }

  /** Adds lines until the first is dropped; returns how many were taken. */
  private int fill() {
    int taken = 0;
    while (writer.dropped() == 0) {
      writer.add(line(taken++));
    }
    return taken - 1;
  }

  @Test
  void shouldWriteLinesInTheirOrder() {
    reader.readAll();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      writer.add(line(i));
      expected.add(line(i).strip());
    }
    assertThat(writer.drain(SOON_MS)).isTrue();
    assertThat(reader.lines()).isEqualTo(expected);
    assertThat(writer.dropped()).isZero();
  }

  @Test
  void shouldNotWaitForAReaderThatDoesNotRead() {
    int taken = fill(); // would hang
    int waiting = LogWriter.MAX_WAITING / 100;
    assertThat(taken).as("and one that is being written").isBetween(waiting, waiting + 1);
    assertThat(reader.lines()).isEmpty();
  }

  @Test
  void shouldSayHowManyLinesWereDroppedWhereTheyAreMissing() {
    int taken = fill();
    for (int i = 1; i < 1000; i++) {
      writer.add(line(1_000 + i));
    }
    reader.readAll();
    assertThat(writer.drain(SOON_MS)).isTrue();
    writer.add(line(999_999));
    assertThat(writer.drain(SOON_MS)).isTrue();
    List<String> lines = reader.lines();
    assertThat(lines).hasSize(taken + 2);
    assertThat(lines.get(taken)).isEqualTo("1000 dropped");
    assertThat(lines.get(taken + 1)).startsWith("999999");
    assertThat(writer.dropped()).isEqualTo(1000);
  }

  @Test
  void shouldTakeLinesAgainOnceHalfIsWritten() {
    int taken = fill();
    reader.allowed.release(10);
    await().until(() -> reader.lines().size() == 10);
    writer.add(line(0));
    assertThat(writer.dropped()).as("a storm would be told of line by line").isEqualTo(2);
    reader.allowed.release(taken / 2);
    await().until(() -> reader.lines().size() == 10 + taken / 2);
    writer.add(line(999_999));
    assertThat(writer.dropped()).isEqualTo(2);
    reader.readAll();
    assertThat(writer.drain(SOON_MS)).isTrue();
    assertThat(reader.lines()).hasSize(taken + 2).element(taken).isEqualTo("2 dropped");
  }

  @Test
  void shouldNotWaitLongerForTheEndThanItMay() {
    writer.add(line(0));
    assertThat(writer.drain(1)).isFalse();
    reader.readAll();
    assertThat(writer.drain(SOON_MS)).isTrue();
    assertThat(reader.lines()).hasSize(1);
  }

  @Test
  void shouldGoOnWhenWritingFails() {
    var broken = new ArrayList<String>();
    var out =
        new OutputStream() {
          private int writes;

          @Override
          public void write(int one) {}

          @Override
          public void write(byte[] line, int offset, int length) throws IOException {
            switch (writes++) {
              case 0 -> throw new IOException("no space left");
              case 1 -> throw new IllegalStateException("a defect");
              case 2 -> throw new OutOfMemoryError();
              default -> broken.add(new String(line, offset, length, UTF_8));
            }
          }
        };
    var failing = new LogWriter(out, UTF_8, lines -> "");
    for (int i = 0; i < 5; i++) {
      failing.add(line(i));
    }
    assertThat(failing.drain(SOON_MS)).isTrue();
    assertThat(broken).containsExactly(line(3), line(4));
  }

  @Test
  void shouldNameWhatIsMissingAsALineOfTheLog() {
    var handler = new LogLineHandler(reader, UTF_8);
    int published = 0;
    for (; handler.dropped() == 0; published++) {
      var line = new LogRecord(Level.INFO, "line {0}");
      line.setParameters(new Object[] {published});
      handler.publish(line);
    }
    reader.readAll();
    handler.flush();
    assertThat(reader.lines())
        .hasSize(published)
        .last()
        .asString()
        .matches(".{23,29} WARN log: lines dropped, because nobody read the log fast enough: 1");
  }
}
