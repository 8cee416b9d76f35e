package io.wgnetty.device;

import io.wgnetty.tun.TunChannel;

/**
 * What a queue of the interface did.
 *
 * @param readCalls system calls that read, those that found nothing too
 * @param packetsRead packets read; a super-packet counts as the packets that it stands for
 * @param writeCalls system calls that wrote
 * @param packetsWritten packets written
 * @param packetsCoalesced those of them that left together with others
 * @param coalescingFallbacks how often the kernel refused packets together and took them one by one
 * @param refused packets that the kernel refused
 */
public record TunCounts(
    long readCalls,
    long packetsRead,
    long writeCalls,
    long packetsWritten,
    long packetsCoalesced,
    long coalescingFallbacks,
    long refused) {
  static final TunCounts NONE = new TunCounts(0, 0, 0, 0, 0, 0, 0);

  static TunCounts of(TunChannel tun) {
    return new TunCounts(
        tun.reads(),
        tun.packetsRead(),
        tun.writes(),
        tun.packetsWritten(),
        tun.packetsCoalesced(),
        tun.coalescingFallbacks(),
        tun.writeErrors());
  }

  TunCounts plus(TunCounts other) {
    return new TunCounts(
        readCalls + other.readCalls,
        packetsRead + other.packetsRead,
        writeCalls + other.writeCalls,
        packetsWritten + other.packetsWritten,
        packetsCoalesced + other.packetsCoalesced,
        coalescingFallbacks + other.coalescingFallbacks,
        refused + other.refused);
  }
}
