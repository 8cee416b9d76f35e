package io.wgnetty.pipeline;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.Aead;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/**
 * Tasks are offered by one loop and done by another: once each, with all that the owner wrote
 * before, and the owner sees all that came of them.
 */
final class SharedTaskStress {
  private static final Aead AEAD = AeadProviders.named("jdk").create();

  private SharedTaskStress() {}

  /** A sum that is a plain field, as packets are plain memory. */
  private static final class Sum extends SharedTask {
    int given;
    int result;
    int times;

    @Override
    void work(LoopCipher cipher) {
      times++;
      result = given + 1;
    }

    @Override
    void finish() {
      given = 0;
    }
  }

  /** Two tasks, one after the other in the same place of the ring, that anybody may do. */
  @JCStressTest
  @Outcome(id = "8, 9, 2", expect = ACCEPTABLE, desc = "each done once, with what was given")
  @Outcome(expect = FORBIDDEN, desc = "done twice or never, or with something old")
  @State
  public static class OnceEach {
    private final TaskRing<Sum> ring = new TaskRing<>(Sum::new);
    private final LoopCipher owner = new LoopCipher(AEAD, () -> 0);
    private final LoopCipher other = new LoopCipher(AEAD, () -> 0);
    private int times;

    /** The loop whose tasks they are. */
    @Actor
    public void owner(III_Result result) {
      result.r1 = one(7);
      // Round the ring, so that the other may meet a task in its second life.
      for (int i = 1; i < TaskRing.CAPACITY; i++) {
        one(0);
      }
      times = 0;
      result.r2 = one(8);
      result.r3 = times;
    }

    private int one(int given) {
      Sum task = ring.vacant();
      task.given = given;
      ring.offer();
      int[] came = new int[1];
      ring.takeUp(owner, done -> came[0] = done.result);
      times = task.times;
      return came[0];
    }

    /** A loop that helps. */
    @Actor
    public void other() {
      for (int i = 0; i < TaskRing.CAPACITY; i++) {
        @Nullable Sum task = ring.claim();
        if (task != null) {
          task.perform(other);
        }
      }
    }
  }
}
