package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LastResortTest {
  private final CountDownLatch halted = new CountDownLatch(1);

  @Test
  void shouldHaltWhenTheTimeIsOver() throws InterruptedException {
    try (var resort = LastResort.start(Duration.ofMillis(100), () -> false, halted::countDown)) {
      assertThat(resort).isNotNull();
      assertThat(halted.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void shouldNotCountWhileACommandRuns() throws InterruptedException {
    AtomicBoolean running = new AtomicBoolean(true);
    AtomicInteger asked = new AtomicInteger();
    try (var resort =
        LastResort.start(
            Duration.ofMillis(100),
            () -> {
              asked.incrementAndGet();
              return running.get();
            },
            halted::countDown)) {
      assertThat(resort).isNotNull();
      await().atMost(30, TimeUnit.SECONDS).until(() -> asked.get() > 6);
      assertThat(halted.getCount()).isEqualTo(1);
      running.set(false);
      assertThat(halted.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void shouldDoNothingAfterAnOrderlyEnd() {
    LastResort.start(Duration.ofMillis(100), () -> false, halted::countDown).close();
    await()
        .atMost(30, TimeUnit.SECONDS)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("last-resort")));
    assertThat(halted.getCount()).isEqualTo(1);
  }
}
