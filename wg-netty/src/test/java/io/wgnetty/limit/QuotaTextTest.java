package io.wgnetty.limit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "50GB a month, then 1M           | 50GB a month, then 1M",
        "50gb per month then 1M          | 50GB a month, then 1M",
        "2GB a day                       | 2GB a day, then off",
        "2 GB/day, then off              | 2GB a day, then off",
        "1500MB a day, then in 1M,out 2M | 1500MB a day, then in 1M, out 2M",
        "1000kB a day                    | 1MB a day, then off",
        "123456B a MONTH                 | 123456B a month, then off",
        "1000000TB a month, then 100pps  | 1000000TB a month, then 100pps",
      })
  void shouldReadAndWrite(String text, String written) {
    Quota quota = QuotaText.parse(text);
    assertThat(quota).hasToString(written);
    assertThat(QuotaText.parse(written)).isEqualTo(quota);
  }

  @Test
  void shouldKnowAmounts() {
    Quota quota = requireNonNull(QuotaText.parse("50GB a month, then in 1M"));
    assertThat(quota.bytes()).isEqualTo(50_000_000_000L);
    assertThat(quota.endsTraffic()).isFalse();
    assertThat(quota.thenOut().isNone()).isTrue();
    assertThat(QuotaText.parse("off")).isNull();
    assertThat(QuotaText.amount(999)).isEqualTo("999B");
    assertThat(QuotaText.amount(12_345_678_901L)).isEqualTo("12.35GB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "50GB",
        "50GB a year",
        "a month",
        "-1GB a day",
        "50 a day",
        "1B a day",
        "50GB a day,",
        "50GB a day, then",
        "50GB a day, then fast",
        "1000001TB a day",
        "999999999999999999TB a day",
        "5XB a day"
      })
  void shouldRefuse(String text) {
    assertThatThrownBy(() -> QuotaText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a ");
  }

  @Test
  void shouldBeginDaysAndMonths() {
    LocalDate day = LocalDate.of(2026, 11, 30);
    assertThat(Quota.Period.DAY.firstDay(day)).isEqualTo(day);
    assertThat(Quota.Period.MONTH.firstDay(day)).isEqualTo(LocalDate.of(2026, 11, 1));
  }

  @Test
  void shouldReadGroups() {
    assertThat(GroupText.parse(" sales  in 5M, out 6M"))
        .isEqualTo(new GroupText.Said("sales", "in 5M, out 6M"));
    assertThatThrownBy(() -> GroupText.parse("sales"))
        .hasMessageContaining("the name of a group comes first");
    for (String name : new String[] {"", "a b", "x".repeat(65), "a\u0007"}) {
      assertThatThrownBy(() -> GroupText.name(name)).hasMessageContaining("one word");
    }
  }
}
