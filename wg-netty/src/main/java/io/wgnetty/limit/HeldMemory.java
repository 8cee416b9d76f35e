package io.wgnetty.limit;

/** How much waits for its turn for all peers of a loop: bounded, however many have limits. */
public final class HeldMemory {
  static final int MOST_BYTES = 16 << 20;

  private int bytes;

  boolean hasRoom(int more) {
    return bytes + more <= MOST_BYTES;
  }

  void add(int more) {
    bytes += more;
  }

  /** Bytes of packets that wait. */
  public int bytes() {
    return bytes;
  }
}
