package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who knows the peers of an interface from a run before this one. Called by the control thread. */
public interface FormerPeers {
  /** Nothing is known. */
  FormerPeers NONE =
      new FormerPeers() {
        @Override
        public void belongTo(@Nullable PublicKey own) {}

        @Override
        public @Nullable PeerTrace recall(PublicKey key) {
          return null;
        }

        @Override
        public boolean wasAlive(PeerTrace trace) {
          return false;
        }

        @Override
        public List<PublicKey> alive() {
          return List.of();
        }

        @Override
        public void forget(PublicKey key) {}
      };

  /**
   * The interface's public key from now on; {@code null} if it has none. What is known of another
   * one's peers is worth nothing.
   */
  void belongTo(@Nullable PublicKey own);

  /** What is known of a peer that the interface has from now on; {@code null} if nothing is. */
  @Nullable PeerTrace recall(PublicKey key);

  /** Whether the peer had a session when the run before ended, and that was not long ago. */
  boolean wasAlive(PeerTrace trace);

  /** All of whom {@link #wasAlive} is true, whether or not they are peers by now. Any thread. */
  List<PublicKey> alive();

  /** The interface has the peer no more. Any thread. */
  void forget(PublicKey key);
}
