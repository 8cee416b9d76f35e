package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Configuration that changes in the middle of a handshake, at every of its milliseconds. */
class ChangeDuringHandshakeTest {
  private static final int HANDSHAKE_MS = 250;

  @Test
  void shouldOpenWithTheNewPresharedKeyHoweverLateTheOldOneWent() {
    changeAtEveryMillisecond(
        (world, flow) -> {
          byte[] key = new byte[32];
          key[0] = 1;
          world.setPresharedKey(flow.reverse(), key);
          world.setPresharedKey(flow, key);
        });
  }

  @Test
  void shouldOpenAfterTheResponderGotAnotherPrivateKey() {
    changeAtEveryMillisecond(
        (world, flow) -> {
          world.changeKey(flow.to);
          world.learnKey(flow);
        });
  }

  @Test
  void shouldOpenAfterTheResponderWasDown() {
    changeAtEveryMillisecond(
        (world, flow) -> {
          world.node(flow.to).down();
          world.node(flow.to).up();
        });
  }

  @Test
  void shouldOpenAfterTheRespondersWorkersBrokeDown() {
    changeAtEveryMillisecond(
        (world, flow) -> {
          SimulatedNode responder = world.node(flow.to);
          responder.workersBreakDown = true;
          world.time().after(SECONDS.toNanos(1), () -> responder.workersBreakDown = false);
        });
  }

  /**
   * Afterwards the initiator has forgotten that it called, and has nothing to say; the responder
   * has.
   */
  private static void changeAtEveryMillisecond(BiConsumer<World, Flow> change) {
    assertThatCode(
            () -> {
              for (int ms = 0; ms < HANDSHAKE_MS; ms++) {
                changeAfter(ms, change);
              }
            })
        .doesNotThrowAnyException();
  }

  private static void changeAfter(int ms, BiConsumer<World, Flow> change) {
    World world = new World(ms, 2, Fault.NONE);
    Flow flow = world.connect(0, 1);
    world.network().setConditions(Conditions.slowWorkers());
    world.talk(flow, SECONDS.toNanos(1));
    world.time().runFor(MILLISECONDS.toNanos(ms));
    change.accept(world, flow);
    world.talk(flow, Flow.SILENT);
    world.restart(flow.from, 0, false);
    world.network().setConditions(Conditions.HEALTHY);
    world.talk(flow.reverse(), SECONDS.toNanos(1));
    world.time().runFor(World.ONE_SIDED_BOUND_NS + SECONDS.toNanos(10));
    world.end();
  }
}
