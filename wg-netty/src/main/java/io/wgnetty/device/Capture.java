package io.wgnetty.device;

import io.wgnetty.pipeline.CaptureQueue;

/** A capture at work; read by one thread, and ended by it. */
public final class Capture implements AutoCloseable {
  private final CaptureQueue queue;
  private final Runnable end;

  Capture(CaptureQueue queue, Runnable end) {
    this.queue = queue;
    this.end = end;
  }

  /** Where packets are to be taken from. */
  public CaptureQueue packets() {
    return queue;
  }

  /** The chains are as before when this returns. */
  @Override
  public void close() {
    end.run();
  }
}
