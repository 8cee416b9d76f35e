package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.shard.ShardInspection;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Somebody sets the wall clock back an hour while the node runs: its handshakes succeed as before,
 * because its stamps only grow.
 */
class ClockTest {
  private static final int WORLDS = 300;

  private static final int MAX_KEEPALIVE_SECONDS = 20;
  private static final long ATTEMPTS_NS = MILLISECONDS.toNanos(2 * 5_434);

  /** A session is renewed by the first packet after 120 s, in an attempt or two. */
  private static final long RENEWAL_NS = SECONDS.toNanos(120 + MAX_KEEPALIVE_SECONDS) + ATTEMPTS_NS;

  @Test
  void shouldGoOnWhenTheWallClockIsSetBack() {
    long first = new Random().nextLong();
    System.out.println("ClockTest first seed " + first);
    for (int i = 0; i < WORLDS; i++) {
      setBack(first + i);
    }
  }

  private static void setBack(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World(seed, 2, Fault.NONE);
    Flow flow = world.connect(0, 1);
    // The one is silent but for answers, so it is always the other who begins.
    world.setKeepalive(flow, random.nextInt(1, MAX_KEEPALIVE_SECONDS + 1));
    world.time().runFor(SECONDS.toNanos(random.nextInt(1, 400)));
    byte[] before = stamp(world, flow);
    if (random.nextBoolean()) {
      turnBack(world, random);
    } else {
      boolean[] done = {false};
      world.whenInitiating(
          () -> {
            if (!done[0]) { // in the middle of a handshake
              done[0] = true;
              turnBack(world, random);
            }
          });
    }
    for (int renewal = 0; renewal < 5; renewal++) {
      if (random.nextInt(3) == 0) { // the node forgets the peer, which remembers the stamps
        world.removePeer(flow);
        world.configure(flow, world.network().addressOf(1));
      }
      world.time().runFor(RENEWAL_NS);
      byte[] after = stamp(world, flow);
      assertThat(Tai64n.compare(after, before))
          .as("seed %d, renewal %d", seed, renewal)
          .isPositive();
      before = after;
      long silentNs = world.time().nowNs() - world.peer(flow.reverse()).heardNs();
      assertThat(silentNs)
          .as("seed %d", seed)
          .isLessThan(SECONDS.toNanos(MAX_KEEPALIVE_SECONDS) + ATTEMPTS_NS);
    }
    assertThat(world.initiationsOf(1)).as("seed %d: who began", seed).isZero();
    world.time().runFor(MINUTES.toNanos(1));
    world.end();
  }

  private static void turnBack(World world, SplittableRandom random) {
    world.node(0).clockErrorNs -= HOURS.toNanos(1) + random.nextLong(MINUTES.toNanos(10));
  }

  /** The latest that the other has accepted. */
  private static byte[] stamp(World world, Flow flow) {
    return ShardInspection.greatestTimestamp(world.peer(flow.reverse()));
  }
}
