package io.wgnetty.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The words of the command are those of docs/metrics.md. */
class DropWordsTest {
  @ParameterizedTest
  @EnumSource(DropReason.class)
  void shouldHaveWordsForEachReason(DropReason reason) {
    assertThat(DropWords.reason(reason.word())).isEqualTo(reason);
    assertThat(DropWords.meaning(reason)).hasSizeGreaterThan(20).doesNotContain("|", "`", "](");
    assertThat(DropWords.remedy(reason)).isNotEmpty().doesNotContain("|", "`", "](");
    assertThat(DropWords.remedy(reason)).isNotEqualTo(DropWords.meaning(reason));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "say `this` | say this",
        "too much ([why](a.md#b)), so | too much, so",
        "see [there](a.md) first | see there first"
      })
  void shouldShowMarkdownAsATerminalDoes(String markdown, String shown) {
    assertThat(DropWords.plain(markdown)).isEqualTo(shown);
    assertThat(DropWords.reason("of-a-newer-node")).isNull();
  }
}
