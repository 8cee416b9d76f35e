package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class ReadFailuresTest {
  private final ReadFailures failures = new ReadFailures();

  @Test
  void shouldPauseAfterSixteenFailuresInARow() {
    for (int round = 0; round < 3; round++) {
      for (int i = 1; i < ReadFailures.MAX_IN_A_ROW; i++) {
        assertThat(failures.ended(true)).isFalse();
      }
      if (round == 0) {
        assertThat(failures.ended(false)).as("one that succeeds begins afresh").isFalse();
      } else {
        assertThat(failures.ended(true)).isTrue();
        failures.pause("channel", 1, null);
      }
    }
    assertThat(failures.pauses()).isEqualTo(2);
  }

  @Test
  void shouldSayOnceThatItPausesAgainAndAgain() {
    Logger logger = Logger.getLogger(ReadFailures.class.getName());
    List<LogRecord> lines = new CopyOnWriteArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(handler);
    try {
      for (int i = 0; i < 1000; i++) {
        failures.pause("channel", 1, new IllegalStateException("no memory"));
      }
      assertThat(lines).hasSize(1);
      assertThat(failures.pauses()).isEqualTo(1000);
    } finally {
      logger.removeHandler(handler);
    }
  }
}
