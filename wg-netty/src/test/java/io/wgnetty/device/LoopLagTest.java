package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopLagTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private long nowNs = 77;
  private final LoopLag lag;

  LoopLagTest() {
    channel.freezeTime(); // the loop's own clock moves with ours
    lag = new LoopLag(channel.eventLoop(), () -> nowNs, now -> false);
  }

  /** Time passes; {@code lateNs} later than it was due the loop comes to what is due. */
  private void pass(long ns, long lateNs) {
    nowNs += ns + lateNs;
    channel.advanceTimeBy(ns, TimeUnit.NANOSECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void shouldTellTheLongestWait() {
    lag.packets();
    pass(10 * MS, 3 * MS);
    lag.packets();
    lag.packets();
    pass(10 * MS, 25 * MS);
    lag.packets();
    pass(10 * MS, MS);
    assertThat(lag.longestNs()).isEqualTo(25 * MS);
  }

  @Test
  void shouldNotLookWithoutPackets() {
    assertThat(channel.runScheduledPendingTasks()).as("nothing is scheduled").isEqualTo(-1);
    lag.packets();
    pass(10 * MS, 0);
    assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
    pass(500 * MS, 500 * MS);
    assertThat(lag.longestNs()).isZero();
  }

  @Test
  void shouldForgetAfterAWhile() {
    lag.packets();
    pass(10 * MS, 25 * MS);
    pass(LoopLag.WINDOW_NS - 35 * MS, 0);
    assertThat(lag.longestNs()).as("of the window before").isEqualTo(25 * MS);
    pass(LoopLag.WINDOW_NS, 0);
    assertThat(lag.longestNs()).isZero();
  }
}
