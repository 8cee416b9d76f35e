package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.node.CommandFailure;
import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which day {@code --since} means. */
class AccountCommandTest {
  private static final LocalDate TODAY = LocalDate.parse("2026-11-30");

  @ParameterizedTest
  @CsvSource({
    "today, 2026-11-30",
    "yesterday, 2026-11-29",
    "month, 2026-11-01",
    "0d, 2026-11-30",
    "7d, 2026-11-23",
    "2026-11-30, 2026-11-30",
    "2026-02-28, 2026-02-28"
  })
  void shouldTakeDays(String when, String day) throws CommandFailure {
    assertThat(AccountCommand.day(when, TODAY)).isEqualTo(LocalDate.parse(day));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "tomorrow", "2026-02-30", "2026-11-30T10:00", "10:00", "-1d", "99999d"})
  void shouldSayWhatItTakes(String when) {
    assertThatThrownBy(() -> AccountCommand.day(when, TODAY))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("--since takes a day, such as 2026-11-30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-12-01", "3000-01-01"})
  void shouldRefuseTheFuture(String when) {
    assertThatThrownBy(() -> AccountCommand.day(when, TODAY))
        .hasMessageContaining("is in the future");
  }
}
