package io.wgnetty.device;

/**
 * Packets that came to one loop and belonged to another. With steering in force, inbound stays 0.
 *
 * @param outbound packets of the interface
 * @param inbound datagrams
 */
public record HandedOver(long outbound, long inbound) {
  HandedOver plus(HandedOver other) {
    return new HandedOver(outbound + other.outbound, inbound + other.inbound);
  }
}
