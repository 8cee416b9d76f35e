package io.wgnetty.config;

import org.jspecify.annotations.Nullable;

/**
 * What comments say of a peer. Those in its section are the peer's, and so are the last lines of
 * comment in front of its header: whose they are is only known when the next line is read.
 */
final class PeerComments {
  private @Nullable String label;
  private @Nullable String limit;
  private Place limitPlace = Place.BEGIN;

  /** Reads the comment of a line, if it has one. */
  void read(byte[] text, LineCursor line) {
    if (!line.hasComment()) {
      return;
    }
    String name = LabelComment.in(text, line.commentStart(), line.end());
    if (name != null) {
      label = name;
      return;
    }
    String carries = LimitComment.in(text, line.commentStart(), line.end());
    if (carries != null) {
      limit = carries;
      limitPlace = line.placeOf(line.commentStart());
    }
  }

  /** They belong to this peer; to nobody if there is none. */
  void give(@Nullable PeerSection peer) {
    if (peer != null && label != null) {
      peer.setLabel(label);
    }
    if (peer != null && limit != null) {
      peer.setLimit(limit, limitPlace);
    }
    label = null;
    limit = null;
  }
}
