package io.wgnetty.cipher;

import java.util.Map;

/**
 * How fast a cipher is on this machine.
 *
 * @param name the provider's
 * @param packetNs nanoseconds a packet, the mean of sealing and opening, for each load measured
 */
public record AeadFigures(String name, Map<AeadLoad, Long> packetNs) {
  public AeadFigures {
    packetNs = Map.copyOf(packetNs);
  }

  /** Larger than any other where it was not measured. */
  public long packetNs(AeadLoad load) {
    return packetNs.getOrDefault(load, Long.MAX_VALUE);
  }
}
