package io.wgnetty.device;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What one loop writes down for another process, part by part: it writes the next while another
 * thread sends the one before.
 */
final class PartsTold implements AutoCloseable {
  private final EventExecutor loop;
  private final Predicate<StateWriter> write;
  private StateWriter written = new StateWriter();
  private StateWriter sent = new StateWriter();
  private @Nullable Future<Boolean> more;

  /**
   * Nothing is written yet.
   *
   * @param write writes a part, on the loop's thread; whether there are more
   */
  PartsTold(EventExecutor loop, Predicate<StateWriter> write) {
    this.loop = loop;
    this.write = write;
  }

  /** Has all write at once, and sends what they have written, in turns, until none has more. */
  static void send(List<PartsTold> all, DeviceTransfer.Parts parts) throws IOException {
    try {
      all.forEach(PartsTold::begin);
      var left = new ArrayDeque<>(all);
      for (PartsTold next = left.poll(); next != null; next = left.poll()) {
        boolean hasMore = next.turn();
        parts.send(next.sent);
        if (hasMore) {
          left.add(next);
        }
      }
    } finally {
      all.forEach(PartsTold::close);
    }
  }

  private void begin() {
    StateWriter out = written;
    more = loop.submit(() -> write.test(out));
  }

  /** Waits until a part is written, and has the next begun; returns whether there is one. */
  private boolean turn() {
    boolean hasMore = more != null && more.syncUninterruptibly().getNow();
    StateWriter part = written;
    written = sent;
    sent = part;
    if (hasMore) {
      begin();
    }
    return hasMore;
  }

  /** Overwrites what there is, when the loop has come to its end with it. */
  @Override
  public void close() {
    if (more != null) {
      var unusedEnd = more.awaitUninterruptibly();
    }
    written.close();
    sent.close();
  }
}
