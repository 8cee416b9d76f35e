package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Peers that are not here, and can be made when somebody sends them something. */
public interface SleepingPeers {
  /** There are none. */
  SleepingPeers NONE =
      new SleepingPeers() {
        @Override
        public @Nullable PublicKey find(boolean isIpv6, long high, long low) {
          return null;
        }

        @Override
        public boolean wake(PublicKey key, List<byte[]> packets) {
          return false;
        }
      };

  /**
   * Whose an address is that no peer has. On a loop's thread, which must not wait.
   *
   * @param high as of {@link io.wgnetty.allowedips.IpPrefix}
   * @param low likewise
   * @return {@code null} if it is nobody's
   */
  @Nullable PublicKey find(boolean isIpv6, long high, long low);

  /**
   * Somebody sends this peer something, so it is to be woken. On a loop's thread, which must not
   * wait.
   *
   * @param packets inner packets; whoever keeps them has them
   * @return whether they are kept, to be sent when there is a peer
   */
  boolean wake(PublicKey key, List<byte[]> packets);
}
