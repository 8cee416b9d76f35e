package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.UnknownCallers;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;

/** Those who call an interface and are no peers of it, for somebody who can make peers of them. */
public interface Callers {
  /** Of an interface that nobody calls. */
  Callers NONE =
      new Callers() {
        @Override
        public void listen(UnknownCallers listener) {}

        @Override
        public void again(PublicKey key, InitiationMessage message, Endpoint source) {}
      };

  /** From now on this one hears of them, and nobody else. */
  void listen(UnknownCallers listener);

  /**
   * Hands an initiation in again that was kept because its sender was no peer. Without effect if
   * that is still so. Any thread; waits for nothing.
   */
  void again(PublicKey key, InitiationMessage message, Endpoint source);
}
