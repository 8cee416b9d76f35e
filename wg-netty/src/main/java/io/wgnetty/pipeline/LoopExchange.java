package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import org.jspecify.annotations.Nullable;

/**
 * The way to the interface's other loops. A batch that is taken belongs to the other loop; one that
 * is refused, because too much waits there, is still the caller's.
 */
public interface LoopExchange {
  /** An interface with one loop: there is nobody to hand anything to. */
  LoopExchange NONE =
      new LoopExchange() {
        @Override
        public int loops() {
          return 1;
        }

        @Override
        public boolean handOutbound(int owner, TunnelBatch batch) {
          return false;
        }

        @Override
        public boolean handInbound(int owner, TunnelBatch batch) {
          return false;
        }

        @Override
        public boolean handAnswers(int owner, TunnelBatch batch) {
          return false;
        }
      };

  /** How many loops there are. */
  int loops();

  /** Packets that have their peer, for the loop that owns it: they go on behind the routing. */
  boolean handOutbound(int owner, TunnelBatch batch);

  /**
   * Datagrams that came to the wrong socket: they begin anew at the loop that owns their session.
   */
  boolean handInbound(int owner, TunnelBatch batch);

  /**
   * Answers to handshakes that came to the wrong socket. They have a limit of their own: whoever
   * sends such messages in masses must not take the places of data.
   */
  boolean handAnswers(int owner, TunnelBatch batch);

  /**
   * Hands a datagram on to the node whose number its receiver index has.
   *
   * @return why that is not done; {@code null} if it is
   */
  default @Nullable DropReason handOn(TunnelBatch batch, int index, int node) {
    return DropReason.WRONG_NODE;
  }
}
