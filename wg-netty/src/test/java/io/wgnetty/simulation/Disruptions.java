package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.SplittableRandom;

/** What goes wrong around nodes at a time, and what their operators do: one thing at each call. */
final class Disruptions {
  /** Clocks of small machines start anywhere between their last shutdown and the truth. */
  private static final long WORST_CLOCK_ERROR_SECONDS = 600;

  private static final long LONGEST_OUTAGE_NS = SECONDS.toNanos(90);

  /** A second of one worker: as much as is ever remembered. */
  private static final long MAX_LOAD_NS = SECONDS.toNanos(1);

  /** Long enough that sessions come and go before the rest is told. */
  private static final long LONGEST_AHEAD_NS = SECONDS.toNanos(200);

  private final World world;
  private final SplittableRandom random;

  Disruptions(World world, SplittableRandom random) {
    this.world = world;
    this.random = random;
  }

  void cause() {
    int node = random.nextInt(world.size());
    Flow flow = world.flows().get(random.nextInt(world.flows().size()));
    switch (random.nextInt(13)) {
      case 0, 1 -> world.network().move(node);
      case 2 -> restart(node);
      case 3 -> setClock(node);
      case 4 -> sever(flow);
      case 5 -> changePresharedKey(flow);
      case 6 -> changePrivateKey(node);
      case 7 -> takeDown(node);
      case 8 -> removeAndAdd(flow);
      case 9 -> load(node);
      case 10, 11 -> moveShard(node);
      default -> world.setKeepalive(flow, random.nextInt(3) == 0 ? 0 : random.nextInt(1, 60));
    }
    for (int i = random.nextInt(20); i > 0; i--) {
      world.network().sendGarbage(node);
    }
  }

  private void restart(int node) {
    boolean orderly = random.nextBoolean();
    world.log().add("%d restarts, orderly: %s", node, orderly);
    world.restart(node, random.nextInt(3) == 0 ? clockErrorNs() : 0, orderly);
  }

  private void setClock(int node) {
    world.node(node).clockErrorNs = clockErrorNs();
    world.log().add("%d has a clock error of %d ns", node, world.node(node).clockErrorNs);
  }

  private long clockErrorNs() {
    long seconds =
        random.nextBoolean()
            ? random.nextLong(-WORST_CLOCK_ERROR_SECONDS, WORST_CLOCK_ERROR_SECONDS)
            : random.nextLong(-3, 3);
    return SECONDS.toNanos(seconds) + random.nextLong(SECONDS.toNanos(1));
  }

  private void sever(Flow flow) {
    boolean bothWays = random.nextBoolean();
    world.log().add("%s is severed, both ways: %s", flow, bothWays);
    sever(flow, bothWays, true);
    world.time().after(outageNs(), () -> sever(flow, bothWays, false));
  }

  private void sever(Flow flow, boolean bothWays, boolean value) {
    world.network().sever(flow.from, flow.to, value);
    if (bothWays) {
      world.network().sever(flow.to, flow.from, value);
    }
  }

  private long outageNs() {
    return random.nextLong(random.nextInt(4) == 0 ? SECONDS.toNanos(1) : LONGEST_OUTAGE_NS);
  }

  private void changePresharedKey(Flow flow) {
    byte[] key = new byte[32];
    if (random.nextInt(4) > 0) {
      random.nextBytes(key);
    }
    world.log().add("%s gets a new pre-shared key", flow);
    world.setPresharedKey(flow, key);
    world.time().after(outageNs(), () -> world.setPresharedKey(flow.reverse(), key));
  }

  private void changePrivateKey(int node) {
    world.log().add("%d gets a new private key", node);
    world.changeKey(node);
    for (Flow flow : world.flows()) {
      if (flow.to == node) {
        world.time().after(outageNs(), () -> world.learnKey(flow));
      }
    }
  }

  private void takeDown(int node) {
    SimulatedNode life = world.node(node);
    world.log().add("%d goes down", node);
    life.down();
    world
        .time()
        .after(
            outageNs(),
            () -> {
              if (world.node(node) == life) {
                life.up();
              }
            });
  }

  private void removeAndAdd(Flow flow) {
    world.log().add("%s is removed", flow);
    world.removePeer(flow);
    world
        .time()
        .after(
            outageNs(),
            () -> {
              if (world.peer(flow) == null) {
                world.configure(
                    flow, random.nextInt(4) == 0 ? null : world.network().addressOf(flow.to));
              }
            });
  }

  private void moveShard(int node) {
    boolean completes = random.nextInt(4) > 0;
    SimulatedNode life = world.node(node);
    life.prepareMove();
    world.log().add("another object is told of %d ahead", node);
    world
        .time()
        .after(
            random.nextInt(4) == 0 ? 0 : random.nextLong(LONGEST_AHEAD_NS),
            () -> {
              world.log().add("%d goes on in another object: %s", node, completes);
              life.moveShard(completes);
            });
  }

  private void load(int node) {
    SimulatedNode life = world.node(node);
    life.loadNs = random.nextLong(1, MAX_LOAD_NS);
    world.log().add("%d spends %d ns for each forged initiation", node, life.loadNs);
    if (random.nextInt(4) > 0) {
      world.time().after(outageNs(), () -> life.loadNs = 0);
    }
  }
}
