package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MetersTest {
  @Test
  void shouldAddUpWhatProcessorsDidAndNotWhatTheyWaited() {
    String stat = "cpu  1000 200 300 99999 88888 40 5 7777 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";

    assertThat(Meters.busySeconds(stat)).isCloseTo(15.45, within(1e-9));
  }
}
