package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A node that keeps its peer alive, in a world that is bad for a while: once it is well again, the
 * peer hears of it soon, and goes on to.
 */
class KeepaliveTest {
  private static final int WORLDS = 200;

  /** An attempt may just have failed, and may then be asked for a cookie of a moment ago. */
  private static final long HANDSHAKE_NS = MILLISECONDS.toNanos(2 * 5_434);

  @Test
  void shouldHearOfAPeerWithKeepaliveAgain() {
    recover(Fault.NONE);
  }

  static void recover(Fault fault) {
    long first = new Random().nextLong();
    System.out.println("KeepaliveTest first seed " + first);
    for (int i = 0; i < WORLDS; i++) {
      recover(first + i, fault);
    }
  }

  private static void recover(long seed, Fault fault) {
    SplittableRandom random = new SplittableRandom(seed);
    World world = new World(seed, 2, fault);
    Flow flow = world.connect(0, 1);
    int seconds = random.nextInt(1, 60);
    world.setKeepalive(flow, seconds);
    world.time().runFor(SECONDS.toNanos(random.nextInt(0, 400)));
    for (int round = 0; round < 3; round++) {
      makeWorse(world, flow, random);
      world.time().runFor(SECONDS.toNanos(random.nextInt(1, random.nextInt(2, 1_000))));
      world.network().setConditions(Conditions.HEALTHY);
      world.network().sever(0, 1, false);
      world.network().sever(1, 0, false);
      world.node(0).workersBreakDown = false;
      world.node(1).workersBreakDown = false;
      if (!world.node(0).isUp()) {
        world.node(0).up();
      }
      if (world.peer(flow).endpoint() == null) {
        world.node(0).movePeer(world.peer(flow), world.network().addressOf(1));
      }
      long boundNs = SECONDS.toNanos(seconds) + HANDSHAKE_NS;
      world.time().runFor(boundNs);
      requireHeard(world, flow, boundNs, seed);
      world.time().runFor(MINUTES.toNanos(random.nextInt(1, 30)));
      requireHeard(world, flow, boundNs, seed);
    }
    world.end();
  }

  private static void makeWorse(World world, Flow flow, SplittableRandom random) {
    switch (random.nextInt(9)) {
      case 0 -> world.network().setConditions(Conditions.refusing());
      case 1 -> world.network().setConditions(Conditions.overworked());
      case 2 -> world.node(0).down();
      case 3 -> world.network().sever(0, 1, true);
      case 4 -> world.network().sever(1, 0, true);
      case 5 -> world.node(0).workersBreakDown = true;
      case 6 -> world.node(1).workersBreakDown = true;
      case 7 -> { // made anew, and nobody knows yet where the other is
        world.removePeer(flow);
        world.removePeer(flow.reverse());
        world.configure(flow, null);
        world.configure(flow.reverse(), null);
      }
      default -> world.network().setConditions(Conditions.hostile(random));
    }
  }

  private static void requireHeard(World world, Flow flow, long boundNs, long seed) {
    long heardNs = world.peer(flow.reverse()).heardNs();
    if (world.time().nowNs() - heardNs > boundNs) {
      throw new Violation("the peer is not heard for " + boundNs / 1e9 + " s, seed " + seed);
    }
  }
}
