package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;

/** Hears of initiations by keys that no peer has: there may be a peer to be made of one. */
@FunctionalInterface
public interface UnknownCallers {
  /** Nobody is interested. */
  UnknownCallers NONE = (key, message, source) -> false;

  /**
   * An initiation came whose mac1 is right and whose sender names this key. That it has the key is
   * not proved: for that the peer has to be known. On a worker's thread, which must not wait.
   *
   * @return whether the message was kept, to be handed in again when there is a peer
   */
  boolean called(PublicKey key, InitiationMessage message, Endpoint source);
}
