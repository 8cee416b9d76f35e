package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import java.util.Map;

/** What the peers of an interface may carry. */
public interface Limits {
  /** Of an interface that knows none. */
  Limits NONE =
      new Limits() {
        @Override
        public void set(Map<PublicKey, PeerLimit> limits) {
          // there is nobody to keep them
        }

        @Override
        public PeerLimit of(PublicKey key) {
          return PeerLimit.NONE;
        }
      };

  /**
   * Limits these peers from now on; {@link PeerLimit#NONE} ends that. Without effect for a peer
   * that is gone. By the control thread.
   */
  void set(Map<PublicKey, PeerLimit> limits);

  /** What a peer may carry. Any thread. */
  PeerLimit of(PublicKey key);
}
