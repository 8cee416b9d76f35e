package io.wgnetty.device;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.wgnetty.state.StateReader;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Parts of what another process has written down, while loops take them in: the next are received
 * meanwhile, a few at most. For one thread.
 */
final class PartsTaken implements AutoCloseable {
  /** Enough that no loop waits for its next as long as others have some. */
  private static final int PARTS = 4;

  private static final class Part {
    private ByteBuffer memory = ByteBuffer.allocateDirect(0);
    private @Nullable Future<Boolean> taken;

    /** Waits until it is taken in, if there is anything in it; fails as that did. */
    void await() {
      Future<Boolean> end = taken;
      taken = null;
      if (end != null) {
        var unusedTrue = end.syncUninterruptibly();
      }
    }
  }

  private final Part[] parts = new Part[PARTS];
  private int next;

  PartsTaken() {
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part();
    }
  }

  /**
   * Copies what is left of {@code in}, and has the loop take it in. Waits as long as there are too
   * many.
   *
   * @throws RuntimeException what one of those before has failed with
   */
  void take(StateReader in, EventExecutor loop, Consumer<StateReader> take) {
    Part part = parts[next];
    next = (next + 1) % PARTS;
    part.await();
    part.memory = in.copyRest(part.memory);
    ByteBuffer bytes = part.memory;
    part.taken =
        loop.submit(
            () -> {
              take.accept(new StateReader(bytes));
              return true;
            });
  }

  /**
   * Waits until all that came is taken in.
   *
   * @throws RuntimeException what one of them has failed with
   */
  void await() {
    for (Part part : parts) {
      part.await();
    }
  }

  /** The same; there come no more, and what was there is overwritten. */
  @Override
  public void close() {
    await();
    for (Part part : parts) {
      StateReader.wipe(part.memory);
    }
  }
}
