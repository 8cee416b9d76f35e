package io.wgnetty.inner;

/**
 * How far a packet is filled with zeros before it is sealed, so that its exact length does not show
 * (protocol 4.2 step 8).
 */
public final class Padding {
  public static final int MULTIPLE = 16;

  private Padding() {}

  /**
   * The length of the plaintext that carries a packet: rounded up to 16, but never beyond the MTU.
   *
   * @param packetLength bytes of the packet; 0 is a keepalive and stays 0
   * @param mtu bytes that the interface carries; 0 if unknown
   */
  public static int paddedLength(int packetLength, int mtu) {
    if (mtu == 0) {
      return roundUp(packetLength);
    }
    // A packet longer than the MTU is a whole number of full segments and a rest: the rest is
    // padded.
    int lastUnit = packetLength > mtu ? packetLength % mtu : packetLength;
    int padded = packetLength - lastUnit + Math.min(mtu, roundUp(lastUnit));
    assert padded >= packetLength && padded - packetLength < MULTIPLE;
    return padded;
  }

  private static int roundUp(int length) {
    return (length + MULTIPLE - 1) & -MULTIPLE;
  }
}
