package io.wgnetty.cipher;

/**
 * What a packet takes.
 *
 * @param sealNs to seal it
 * @param openNs to open it
 */
public record AeadTimes(long sealNs, long openNs) {
  static final AeadTimes LONGEST = new AeadTimes(Long.MAX_VALUE, Long.MAX_VALUE);

  AeadTimes least(AeadTimes other) {
    return new AeadTimes(Math.min(sealNs, other.sealNs), Math.min(openNs, other.openNs));
  }

  /** Of as many packets sealed as opened. */
  long meanNs() {
    return (sealNs + openNs) / 2;
  }
}
