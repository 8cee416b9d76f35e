package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BootClockTest {
  private final BootClock clock = new BootClock();

  @Test
  void shouldNeverGoBack() {
    long lastNs = clock.nowNs();
    for (int i = 0; i < 100_000; i++) {
      long nowNs = clock.nowNs();
      assertThat(nowNs).isGreaterThanOrEqualTo(lastNs);
      lastNs = nowNs;
    }
  }

  @Test
  void shouldGoAsFastAsTheOtherClock() {
    long startNs = clock.nowNs();
    long otherStartNs = System.nanoTime();
    while (System.nanoTime() - otherStartNs < TimeUnit.MILLISECONDS.toNanos(50)) {
      Thread.onSpinWait();
    }
    assertThat(clock.nowNs() - startNs)
        .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(50))
        .isLessThan(TimeUnit.SECONDS.toNanos(30));
  }

  @Test
  void shouldCountFromTheStartOfTheMachineSleepIncluded() throws IOException {
    // /proc/uptime is that clock, in hundredths of a second.
    double beforeSeconds = uptimeSeconds();
    double seconds = clock.nowNs() / 1e9;
    assertThat(seconds).isBetween(beforeSeconds - 0.02, uptimeSeconds() + 0.02);
  }

  private static double uptimeSeconds() throws IOException {
    String text = Files.readString(Path.of("/proc/uptime"));
    return Double.parseDouble(text.substring(0, text.indexOf(' ')));
  }

  @Test
  void shouldTellEveryThreadTheSameTime() throws InterruptedException {
    long beforeNs = clock.nowNs();
    long[] seenNs = new long[1];
    Thread thread = Thread.ofPlatform().start(() -> seenNs[0] = clock.nowNs());
    thread.join();
    assertThat(seenNs[0]).isBetween(beforeNs, clock.nowNs());
  }
}
