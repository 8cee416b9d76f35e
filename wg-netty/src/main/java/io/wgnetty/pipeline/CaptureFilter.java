package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Which packets a capture is about.
 *
 * @param peer whose; {@code null} for everybody's, and for those that are nobody's
 * @param droppedOnly whether only those that go no further
 * @param snapBytes how much of each is kept at most
 */
public record CaptureFilter(@Nullable PublicKey peer, boolean droppedOnly, int snapBytes) {
  /** More than any packet has, also one that stands for many. */
  public static final int MAX_SNAP_BYTES = 1 << 17;

  public CaptureFilter {
    if (snapBytes < 1 || snapBytes > MAX_SNAP_BYTES) {
      throw new IllegalArgumentException("a packet's part has 1 to " + MAX_SNAP_BYTES + " bytes");
    }
  }

  boolean wants(@Nullable Peer of, @Nullable DropReason reason) {
    return (reason != null || !droppedOnly)
        && (peer == null || (of != null && peer.equals(of.publicKey())));
  }
}
