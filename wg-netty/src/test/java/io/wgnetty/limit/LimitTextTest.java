package io.wgnetty.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LimitTextTest {
  @Test
  void shouldReadBothDirections() {
    RateLimit both = new RateLimit(20_000_000, 3_000);
    assertThat(LimitText.parse("20M, 3000pps")).isEqualTo(new PeerLimit(both, both));
    assertThat(LimitText.parse("in 5m,OUT 1g , in 100PPS"))
        .isEqualTo(new PeerLimit(new RateLimit(5_000_000, 100), new RateLimit(1_000_000_000, 0)));
    assertThat(LimitText.parse("out 64k").in().isNone()).isTrue();
    assertThat(LimitText.parse("off").isNone()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20000000|20M",
        "1500k|1500k",
        "1000k|1M",
        "64001|64001",
        "in 2M, out 2M|2M",
        "in 2M|in 2M",
        "out 7pps|out 7pps",
        "5M, 10pps|5M, 10pps",
        "in 1G, out 1M, out 9pps|in 1G, out 1M, out 9pps",
        "off|off"
      })
  void shouldWriteWhatItReads(String text, String written) {
    PeerLimit limit = LimitText.parse(text);
    assertThat(limit).hasToString(written);
    assertThat(LimitText.parse(written)).isEqualTo(limit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "fast", "M", "20 M", "20MB", "20M,", "both 1M", "in", "1.5M", "+1M", "off, 1M", "0x10",
        "٢M"
      })
  void shouldRefuseOtherWords(String text) {
    assertThatThrownBy(() -> LimitText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("such as 20M");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "7999", "7k", "1001G", "9999999999999G", "0pps", "1000000001pps"})
  void shouldRefuseWhatIsOutOfRange(String text) {
    assertThatThrownBy(() -> LimitText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a limit is from");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1M, 2M", "in 1M, 2M", "5pps, out 6pps"})
  void shouldRefuseTwoOfAKind(String text) {
    assertThatThrownBy(() -> LimitText.parse(text)).hasMessageContaining("two limits of");
  }
}
