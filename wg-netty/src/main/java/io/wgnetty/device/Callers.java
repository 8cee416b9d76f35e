package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.SleepingPeers;
import io.wgnetty.peer.UnknownCallers;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import java.util.List;

/**
 * Those who call an interface, or are sent something, and are no peers of it: for somebody who can
 * make peers of them.
 */
public interface Callers {
  /** Of an interface that nobody calls. */
  Callers NONE =
      new Callers() {
        @Override
        public void listen(UnknownCallers listener, SleepingPeers sleepers) {}

        @Override
        public List<PublicKey> formerlyAlive() {
          return List.of();
        }

        @Override
        public void again(PublicKey key, InitiationMessage message, Endpoint source) {}

        @Override
        public void send(PublicKey key, List<byte[]> packets) {}
      };

  /** From now on these hear of them, and nobody else. */
  void listen(UnknownCallers listener, SleepingPeers sleepers);

  /**
   * Who had a session when the interface's run before this one was killed: whoever of them becomes
   * a peer soon is called. Any thread.
   */
  List<PublicKey> formerlyAlive();

  /**
   * Hands an initiation in again that was kept because its sender was no peer. Without effect if
   * that is still so. Any thread; waits for nothing.
   */
  void again(PublicKey key, InitiationMessage message, Endpoint source);

  /**
   * Sends inner packets that were kept because their peer slept. They are dropped and counted if
   * that is still so. Any thread; waits for nothing.
   */
  void send(PublicKey key, List<byte[]> packets);
}
