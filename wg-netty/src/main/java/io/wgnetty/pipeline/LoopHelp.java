package io.wgnetty.pipeline;

/** Other loops that may seal and open for one that is behind with its work. */
public interface LoopHelp {
  /** A loop that does everything by itself. */
  LoopHelp NONE =
      new LoopHelp() {
        @Override
        public boolean isWanted() {
          return false;
        }

        @Override
        public void call() {
          // There is nobody.
        }
      };

  /** Whether this loop is behind, and there may be somebody with time. Asked for every batch. */
  boolean isWanted();

  /** There is work that nobody has begun with: one more may come. */
  void call();
}
