package io.wgnetty.pipeline;

import io.wgnetty.crypto.Aead;
import java.util.function.IntSupplier;

/** What a loop's thread seals and opens packets with. Belongs to that thread. */
public final class LoopCipher {
  private final Sealer sealer;
  private final Opener opener;

  /**
   * Works with the cipher of the thread.
   *
   * @param mtu the interface's at this moment
   */
  public LoopCipher(Aead aead, IntSupplier mtu) {
    sealer = new Sealer(aead, mtu);
    opener = new Opener(aead);
  }

  /** For packets to the network. */
  Sealer sealer() {
    return sealer;
  }

  /** For packets from the network. */
  Opener opener() {
    return opener;
  }
}
