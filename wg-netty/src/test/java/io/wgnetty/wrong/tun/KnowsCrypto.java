package io.wgnetty.wrong.tun;

import io.wgnetty.wrong.crypto.KnowsNetty;

/** Wrong: the TUN module stands alone. */
public final class KnowsCrypto {
  public KnowsNetty crypto() {
    return new KnowsNetty();
  }
}
