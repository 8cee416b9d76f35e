package io.wgnetty.cipher;

import io.wgnetty.crypto.AeadRun;

/** What a cipher has to do at a time. Libraries differ in what they are best at. */
public enum AeadLoad {
  /** Packets of a bulk transfer. */
  MANY_LARGE(AeadLoad.RUN, 1424),
  /** Small packets that came together. */
  MANY_SMALL(AeadLoad.RUN, 64),
  ONE_LARGE(1, 1424),
  /** A packet of a conversation, a keepalive, a message of a handshake. */
  ONE_SMALL(1, 64);

  /** Packets of a run that are many: about half of what a message brings. */
  static final int RUN = 32;

  /** From this many on, packets are many. */
  private static final int MANY = 4;

  /** From this length on, packets are large. */
  private static final int LARGE_BYTES = 256;

  final int packets;
  final int lengthBytes;

  AeadLoad(int packets, int lengthBytes) {
    this.packets = packets;
    this.lengthBytes = lengthBytes;
  }

  /** What a run that is not empty is nearest to, by its first packet. */
  static AeadLoad of(AeadRun run) {
    boolean large = run.length(0) >= LARGE_BYTES;
    if (run.size() >= MANY) {
      return large ? MANY_LARGE : MANY_SMALL;
    }
    return large ? ONE_LARGE : ONE_SMALL;
  }
}
