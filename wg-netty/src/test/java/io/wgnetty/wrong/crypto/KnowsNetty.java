package io.wgnetty.wrong.crypto;

import io.netty.buffer.ByteBuf;

/** Wrong: a pure package that works on Netty's buffers. */
public final class KnowsNetty {
  public int length(ByteBuf buffer) {
    return buffer.readableBytes();
  }
}
