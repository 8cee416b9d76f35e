package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import org.junit.jupiter.api.Test;

class DropSummaryTest {
  private final DropCounters counters = new DropCounters();

  @Test
  void shouldNameOnlyWhatHappened() {
    counters.count(DropReason.NOT_AUTHENTIC, 12);
    counters.count(DropReason.REPLAYED);

    assertThat(DropSummary.of(counters.snapshot())).isEqualTo("not-authentic 12, replayed 1");
  }

  @Test
  void shouldSayThatNothingWasDropped() {
    assertThat(DropSummary.of(counters.snapshot())).isEqualTo("nothing");
  }
}
