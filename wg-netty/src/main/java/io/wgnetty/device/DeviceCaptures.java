package io.wgnetty.device;

import io.wgnetty.pipeline.CaptureFilter;
import io.wgnetty.pipeline.CaptureQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The captures of a device: one at a time, since each costs every packet a copy. */
final class DeviceCaptures implements Captures {
  private final DataLoops loops;
  private final AtomicBoolean atWork = new AtomicBoolean();

  DeviceCaptures(DataLoops loops) {
    this.loops = loops;
  }

  @Override
  public Capture begin(CaptureFilter filter) {
    if (!atWork.compareAndSet(false, true)) {
      throw new IllegalStateException("a capture of this interface is at work already");
    }
    var queue = new CaptureQueue();
    try {
      loops.each(loop -> loop.taps().open(queue, filter));
    } catch (RejectedExecutionException e) {
      atWork.set(false);
      throw new IllegalStateException("the interface ends", e);
    }
    return new Capture(queue, this::end);
  }

  private void end() {
    try {
      loops.each(loop -> loop.taps().close());
    } catch (RejectedExecutionException e) {
      return; // the loops have ended, and their chains with them
    } finally {
      atWork.set(false);
    }
  }
}
