package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeMetersTest {
  private static final String LOOP_0 = "{interface=\"wg0\",loop=\"0\"}";

  private final TestInterface wg0 = new TestInterface(1);
  private long nowNs = -5;
  private final NodeMeters meters = new NodeMeters(OptionalInt.empty(), () -> true, () -> nowNs);

  @AfterEach
  void close() {
    meters.close();
  }

  private Exposition scrapeAfter(long ms) {
    nowNs += TimeUnit.MILLISECONDS.toNanos(ms);
    return new Exposition(meters.scrape().content());
  }

  @Test
  void shouldAskTheLoopsOnceForAllMeters() {
    meters.add("wg0", wg0);
    wg0.answers.drainPermits();
    wg0.answers.release();

    assertThat(scrapeAfter(1000).types).containsKey("wgnetty_drops_total");
    assertThat(wg0.answers.availablePermits()).isZero();
  }

  @Test
  void shouldShowTheSameToSeveralScrapersAtATime() {
    meters.add("wg0", wg0);
    scrapeAfter(1000);
    wg0.set(0, 7);

    String packets = "wgnetty_received_packets_total" + LOOP_0;
    assertThat(scrapeAfter(90).value(packets)).isZero();
    assertThat(scrapeAfter(20).value(packets)).isEqualTo(7);
  }

  @Test
  void shouldShowWhetherTheFileWasAppliedAndWhenItLastWas() {
    String applied = "wgnetty_config_last_reload_successful{interface=\"wg0\"}";
    String when = "wgnetty_config_last_reload_success_timestamp_seconds{interface=\"wg0\"}";
    meters.add("wg0", wg0);
    assertThat(scrapeAfter(1000).values).doesNotContainKeys(applied, when);

    double before = System.currentTimeMillis() / 1e3;
    meters.reloaded("wg0", true);
    Exposition said = scrapeAfter(1000);
    assertThat(said.value(applied)).isEqualTo(1);
    double last = said.value(when);
    assertThat(last).isBetween(before - 1, before + 60);

    meters.reloaded("wg0", false);
    said = scrapeAfter(1000);
    assertThat(said.value(applied)).isZero();
    assertThat(said.value(when)).isEqualTo(last);

    meters.remove("wg0");
    assertThat(scrapeAfter(1000).values).doesNotContainKeys(applied, when);
  }

  @Test
  void shouldShowHowBusyALoopWasSinceTheScrapeBefore() {
    meters.add("wg0", wg0);
    String busy = "wgnetty_loop_busy_ratio" + LOOP_0;
    assertThat(scrapeAfter(1000).value(busy)).isZero();

    wg0.set(0, 1); // 1.5 s of processor time
    assertThat(scrapeAfter(2000).value(busy)).isEqualTo(0.75);
    assertThat(scrapeAfter(2000).value(busy)).isZero();

    wg0.set(0, 9);
    assertThat(scrapeAfter(2000).value(busy)).isEqualTo(1); // clocks differ a little
  }
}
