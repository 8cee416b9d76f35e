package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopBusynessTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final LoopBusyness busyness = new LoopBusyness();
  private long nowNs = 1000 * MS;
  private long workNs;

  LoopBusynessTest() {
    busyness.look(nowNs, workNs);
  }

  private boolean after10Ms(int percent) {
    nowNs += 10 * MS;
    workNs += 10 * MS * percent / 100;
    boolean behind = busyness.look(nowNs, workNs);
    assertThat(busyness.isBehind()).isEqualTo(behind);
    return behind;
  }

  @Test
  void shouldBeBehindWhenItsWorkTakesNearlyAllItsTime() {
    assertThat(after10Ms(84)).isFalse();
    assertThat(after10Ms(85)).isTrue();
  }

  @Test
  void shouldStayBehindWhileHelpTakesAPartOfItsWork() {
    after10Ms(100);
    assertThat(after10Ms(60)).isTrue();
    assertThat(after10Ms(50)).isTrue();
    assertThat(after10Ms(49)).isFalse();
    assertThat(after10Ms(60)).isFalse();
  }

  @Test
  void shouldNotDivideByATimeThatHasNotPassed() {
    after10Ms(100);
    assertThat(busyness.look(nowNs, workNs)).isTrue();
    assertThat(busyness.look(nowNs - MS, workNs)).isTrue();
  }

  @Test
  void shouldKnowWhenLoopsHelp() {
    assertThat(HelpMode.named("auto").appliesTo(2)).isFalse();
    assertThat(HelpMode.named("auto").appliesTo(3)).isTrue();
    assertThat(HelpMode.named("on").appliesTo(2)).isTrue();
    assertThat(HelpMode.named("on").appliesTo(1)).isFalse();
    assertThat(HelpMode.named("off").appliesTo(64)).isFalse();
  }
}
