package io.wgnetty.tun;

import java.nio.ByteBuffer;

public final class Segmenter {
  public static final int MAX_HEADER_BYTES = 128;

  public void begin(PacketBatch batch, int index) {}

  public boolean hasNext() {
    return false;
  }

  public int next(ByteBuffer headers, int at) {
    return 0;
  }

  public int payloadOffset() {
    return 0;
  }

  public int payloadBytes() {
    return 0;
  }
}
