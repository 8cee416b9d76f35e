package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LogRingTest {
  private final LogRing ring = new LogRing();

  @Test
  void shouldGiveTheLastLinesAndGoOnWhereAReaderWas() {
    for (int i = 0; i < 5; i++) {
      ring.add("line " + i + "\n");
    }
    assertThat(ring.from(0, 3))
        .isEqualTo(new LogRing.Part(List.of("line 0", "line 1", "line 2"), 0, 3));
    assertThat(ring.from(3, 3)).isEqualTo(new LogRing.Part(List.of("line 3", "line 4"), 0, 5));
    assertThat(ring.from(5, 3)).isEqualTo(new LogRing.Part(List.of(), 0, 5));
  }

  @Test
  void shouldForgetTheOldestAndTellLateReaders() {
    String filling = "x".repeat(1000);
    int lines = 3 * LogRing.MAX_CHARACTERS / 1000;
    for (int i = 0; i < lines; i++) {
      ring.add(filling);
    }
    LogRing.Part part = ring.from(10, Integer.MAX_VALUE);
    assertThat(part.lines()).hasSize(LogRing.MAX_CHARACTERS / 1000);
    assertThat(part.missed()).isEqualTo(lines - 10 - part.lines().size());
    assertThat(part.next()).isEqualTo(lines);
  }

  @Test
  void shouldCutALineThatWouldPushOutAllOthers() {
    ring.add("first");
    ring.add("y".repeat(10 * LogRing.MAX_CHARACTERS));
    assertThat(ring.from(0, 10).lines()).hasSize(2).first().isEqualTo("first");
  }

  @Test
  void shouldWakeWhoWaits() throws Exception {
    var waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                ring.await(0, 20_000);
                return ring.from(0, 1).lines();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    ring.await(0, 5);
    ring.add("now");
    assertThat(waiting.get(20, TimeUnit.SECONDS)).containsExactly("now");
  }
}
