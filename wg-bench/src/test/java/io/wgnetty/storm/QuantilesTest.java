package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QuantilesTest {
  @Test
  void shouldFindRanksWhateverTheOrder() {
    Quantiles times = new Quantiles(new long[] {40, 10, 30, 20}, 4);

    assertThat(times.at(0.25)).hasValue(10);
    assertThat(times.at(0.5)).hasValue(20);
    assertThat(times.at(0.9)).hasValue(40);
    assertThat(times.at(1)).hasValue(40);
  }

  @Test
  void shouldCountThoseThatNeverCameAsTheLongest() {
    Quantiles times = new Quantiles(new long[] {1, 2, 3}, 6);

    assertThat(times.at(0.5)).hasValue(3);
    assertThat(times.at(0.51)).isEmpty();
    assertThat(times.longest()).hasValue(3);
    assertThat(times.came()).isEqualTo(3);
  }

  @Test
  void shouldHaveNothingToSayOfNobody() {
    assertThat(new Quantiles(new long[0], 0).at(0.5)).isEmpty();
    assertThat(new Quantiles(new long[0], 0).longest()).isEmpty();
    assertThat(new Quantiles(new long[0], 5).at(0)).as("nobody came").isEmpty();
  }

  @Test
  void shouldRefuseMoreTimesThanMembers() {
    assertThatThrownBy(() -> new Quantiles(new long[2], 1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
