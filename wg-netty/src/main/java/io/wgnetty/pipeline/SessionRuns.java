package io.wgnetty.pipeline;

import io.wgnetty.peer.Session;

/**
 * Finds the runs of neighbouring live packets of one session: what a cipher takes at once, under
 * one key.
 */
final class SessionRuns {
  private SessionRuns() {}

  /** The first live packet at or after {@code from}; the batch's size if there is none. */
  static int start(TunnelBatch batch, int from) {
    int index = from;
    while (index < batch.size() && !batch.isLive(index)) {
      index++;
    }
    return index;
  }

  /**
   * Behind the last packet of the run that begins at {@code start}; dropped packets in between do
   * not end it.
   */
  static int end(TunnelBatch batch, int start) {
    Session session = batch.session(start);
    int index = start + 1;
    while (index < batch.size() && (!batch.isLive(index) || batch.session(index) == session)) {
      index++;
    }
    return index;
  }
}
