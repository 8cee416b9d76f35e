package io.wgnetty.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.wgnetty.storm.GoodputLoad.Step;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoodputLoadTest {
  @Test
  void shouldMeasureAFallFromTheBestBefore() {
    List<Step> steps =
        List.of(
            new Step(1, 100, 100, 90),
            new Step(2, 200, 200, 100),
            new Step(3, 300, 300, 95),
            new Step(4, 400, 400, 80));

    assertThat(GoodputLoad.worstFall(steps)).isCloseTo(0.2, within(1e-9));
  }

  @Test
  void shouldFindNoFallInWhatOnlyRises() {
    assertThat(GoodputLoad.worstFall(List.of(new Step(1, 1, 1, 1), new Step(2, 2, 2, 1)))).isZero();
    assertThat(GoodputLoad.worstFall(List.of())).isZero();
  }
}
