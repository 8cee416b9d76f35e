package io.wgnetty.device;

import io.wgnetty.pipeline.CaptureFilter;

/** Where captures of an interface are begun. */
@FunctionalInterface
public interface Captures {
  /** An interface whose packets nobody can see. */
  Captures NONE =
      filter -> {
        throw new IllegalStateException("this interface's packets cannot be captured");
      };

  /**
   * Begins one. Any thread.
   *
   * @throws IllegalStateException if there is one already, or the interface ends
   */
  Capture begin(CaptureFilter filter);
}
