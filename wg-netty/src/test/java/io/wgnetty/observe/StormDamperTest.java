package io.wgnetty.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Of a storm a few events pass, the rest is summed up. */
class StormDamperTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final StormDamper damper = new StormDamper(3, 10 * SECOND);
  private long nowNs = -5 * SECOND; // a clock may be anywhere

  private int passing(String kind, int events) {
    int passed = 0;
    for (int i = 0; i < events; i++) {
      passed += damper.passes(kind, nowNs) ? 1 : 0;
    }
    return passed;
  }

  @Test
  void shouldLetTheFirstFewPassAndCountTheRest() {
    assertThat(passing("a", 3)).isEqualTo(3);
    assertThat(damper.isHoldingBack()).isFalse();
    assertThat(passing("a", 1_234)).isZero();
    assertThat(damper.isHoldingBack()).isTrue();
    nowNs += 10 * SECOND - 1;
    assertThat(damper.ended(nowNs)).as("the window is not over").isEmpty();
    nowNs += 1;
    assertThat(damper.ended(nowNs)).containsExactly(new StormDamper.Summary("a", 1_234));
    assertThat(damper.isHoldingBack()).isFalse();
  }

  @Test
  void shouldBeginANewWindowAfterAnEndedOne() {
    passing("a", 10);
    nowNs += 11 * SECOND;
    damper.ended(nowNs);
    assertThat(passing("a", 5)).isEqualTo(3);
    nowNs += 10 * SECOND;
    assertThat(damper.ended(nowNs)).containsExactly(new StormDamper.Summary("a", 2));
  }

  @Test
  void shouldDampEachKindByItself() {
    assertThat(passing("a", 4)).isEqualTo(3);
    nowNs += 5 * SECOND;
    assertThat(passing("b", 5)).isEqualTo(3);
    nowNs += 5 * SECOND;
    assertThat(damper.ended(nowNs)).containsExactly(new StormDamper.Summary("a", 1));
    nowNs += 5 * SECOND;
    assertThat(damper.ended(nowNs)).containsExactly(new StormDamper.Summary("b", 2));
  }

  @Test
  void shouldSayNothingOfAWindowThatHeldNothingBack() {
    passing("a", 3);
    nowNs += 20 * SECOND;
    assertThat(damper.ended(nowNs)).isEmpty();
  }
}
