package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How often a node calls somebody who does not answer (protocol 3.4). */
class HandshakePatienceTest {
  private static final int INITIATIONS = 20;

  private final World world = new World(1, 2, Fault.NONE);
  private final Flow flow = world.connect(0, 1);

  HandshakePatienceTest() {
    world.network().setConditions(Conditions.exact(1));
  }

  @Test
  void shouldGiveUpAfterTwentyInitiations() {
    offer();
    world.time().runFor(SECONDS.toNanos(95) - 1);
    assertThat(world.initiationsOf(0)).isBetween(INITIATIONS - 2, INITIATIONS - 1);
    world.time().runFor(SECONDS.toNanos(7));
    assertThat(world.initiationsOf(0)).isEqualTo(INITIATIONS);
    world.time().runFor(HOURS.toNanos(2));
    assertThat(world.initiationsOf(0)).isEqualTo(INITIATIONS);
    assertThat(world.peer(flow).staged().size()).isZero();
    world.end();
  }

  @Test
  void shouldTryAgainAsOftenWhenTheNextPacketComes() {
    offer();
    world.time().runFor(HOURS.toNanos(1));
    offer();
    world.time().runFor(HOURS.toNanos(1));
    assertThat(world.initiationsOf(0)).isEqualTo(2 * INITIATIONS);
    world.end();
  }

  @Test
  void shouldNotGiveUpWhilePacketsKeepComing() {
    world.talk(flow, SECONDS.toNanos(1));
    world.time().runFor(SECONDS.toNanos(1000));
    // Not more than one in 5 s, and at most the jitter later.
    assertThat(world.initiationsOf(0)).isBetween(186, 201);
    world.end();
  }

  @Test
  void shouldReachAnAnswerOnTheLastTry() {
    offer();
    world.time().runFor(SECONDS.toNanos(94));
    world.network().setConditions(Conditions.exact(0));
    world.time().runFor(SECONDS.toNanos(13) + MILLISECONDS.toNanos(50));
    assertThat(world.ledger().deliveredCount()).isEqualTo(1);
    world.end();
  }

  private void offer() {
    world.node(0).offer(world.ledger().offer(flow, 1280));
  }
}
