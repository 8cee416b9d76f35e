package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.KnownStamps;
import io.wgnetty.relay.NodeRelay;
import io.wgnetty.relay.RelayKeys;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sessions of an interface's peers, for somebody who shares the peers with other nodes. */
public interface PeerSessions {
  /** Of an interface that is alone. */
  PeerSessions NONE =
      new PeerSessions() {
        @Override
        public void listen(Listener listener) {}

        @Override
        public void leave(List<PublicKey> keys) {}

        @Override
        public NodeRelay relay(InetSocketAddress address, RelayKeys keys) {
          throw new IllegalStateException("this interface is no node of a cluster");
        }
      };

  /** Who knows the other nodes. */
  interface Listener extends KnownStamps {
    /** Nobody. */
    Listener NONE =
        new Listener() {
          @Override
          public void established(PublicKey key, byte @Nullable [] timestamp) {}

          @Override
          public boolean isNews(PublicKey key, byte[] timestamp) {
            return true;
          }
        };

    /**
     * A peer has proved that it and we have a session: its first here, or one after another. On a
     * loop's thread; returns soon.
     *
     * @param timestamp the greatest (TAI64N) with which it called us; {@code null} if it never did.
     *     Never changed
     */
    void established(PublicKey key, byte @Nullable [] timestamp);
  }

  /** From now on this one hears of sessions and is asked, and nobody else. */
  void listen(Listener listener);

  /**
   * Forgets the sessions of peers that are at another node by now, and where they were. Waits until
   * it is done.
   */
  void leave(List<PublicKey> keys);

  /**
   * Hands datagrams of other nodes' sessions on from now on, and takes those of its own from them,
   * as soon as the relay knows the other nodes. The caller closes it.
   *
   * @param address where other nodes reach this one
   * @throws IOException if it cannot be bound
   */
  NodeRelay relay(InetSocketAddress address, RelayKeys keys) throws IOException;
}
