package io.wgnetty.config;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comments say of a peer. Those in its section are the peer's, and so are the last lines of
 * comment in front of its header: whose they are is only known when the next line is read.
 */
final class PeerComments {
  private record Said(Comment comment, Place place) {}

  private final List<Said> waiting = new ArrayList<>(2);

  void take(Comment comment, LineCursor line) {
    waiting.add(new Said(comment, line.placeOf(line.commentStart())));
  }

  /** They belong to this peer; to nobody if there is none. */
  void give(@Nullable PeerSection peer) {
    if (waiting.isEmpty()) {
      return;
    }
    if (peer != null) {
      // Of a name the one that is nearest to the peer, as makers of files repeat themselves.
      Said name = null;
      for (Said said : waiting) {
        if (said.comment().word().isName()) {
          name = said;
        } else {
          peer.comment(said.comment(), said.place());
        }
      }
      if (name != null) {
        peer.comment(name.comment(), name.place());
      }
    }
    waiting.clear();
  }
}
