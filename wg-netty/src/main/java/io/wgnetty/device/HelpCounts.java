package io.wgnetty.device;

/**
 * What a loop has done for others: tasks, each of up to 64 KiB of packets.
 *
 * @param sealed tasks of packets to the network
 * @param opened tasks of packets from the network
 */
public record HelpCounts(long sealed, long opened) {
  static final HelpCounts NONE = new HelpCounts(0, 0);

  HelpCounts plus(HelpCounts other) {
    return new HelpCounts(sealed + other.sealed, opened + other.opened);
  }
}
