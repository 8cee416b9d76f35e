package io.wgnetty.cipher;

import java.math.BigInteger;

/** X25519 as RFC 7748 section 5 writes it down, in whole numbers: slow and plain. */
final class X25519Oracle {
  static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

  private static final BigInteger A24 = BigInteger.valueOf(121_665);
  private static final BigInteger A = BigInteger.valueOf(486_662);

  private X25519Oracle() {}

  static byte[] multiply(byte[] scalar, byte[] point) {
    byte[] clamped = scalar.clone();
    clamped[0] &= (byte) 248;
    clamped[31] &= 127;
    clamped[31] |= 64;
    BigInteger k = AeadOracle.little(clamped);
    BigInteger x1 = AeadOracle.little(point).clearBit(255).mod(P);
    BigInteger x2 = BigInteger.ONE;
    BigInteger z2 = BigInteger.ZERO;
    BigInteger x3 = x1;
    BigInteger z3 = BigInteger.ONE;
    for (int bit = 254; bit >= 0; bit--) {
      boolean swap = k.testBit(bit);
      BigInteger nearX = swap ? x3 : x2;
      BigInteger nearZ = swap ? z3 : z2;
      BigInteger farX = swap ? x2 : x3;
      BigInteger farZ = swap ? z2 : z3;
      BigInteger sum = nearX.add(nearZ);
      BigInteger difference = nearX.subtract(nearZ);
      BigInteger sumSquared = sum.multiply(sum).mod(P);
      BigInteger differenceSquared = difference.multiply(difference).mod(P);
      BigInteger e = sumSquared.subtract(differenceSquared);
      BigInteger da = farX.subtract(farZ).multiply(sum).mod(P);
      BigInteger cb = farX.add(farZ).multiply(difference).mod(P);
      farX = da.add(cb).pow(2).mod(P);
      farZ = x1.multiply(da.subtract(cb).pow(2)).mod(P);
      nearX = sumSquared.multiply(differenceSquared).mod(P);
      nearZ = e.multiply(sumSquared.add(A24.multiply(e))).mod(P);
      x2 = swap ? farX : nearX;
      z2 = swap ? farZ : nearZ;
      x3 = swap ? nearX : farX;
      z3 = swap ? nearZ : farZ;
    }
    BigInteger result = x2.multiply(z2.modPow(P.subtract(BigInteger.TWO), P)).mod(P);
    return AeadOracle.littleBytes(result, 32);
  }

  /** Whether a u-coordinate belongs to the quadratic twist, not to the curve. */
  static boolean isOnTwist(byte[] point) {
    BigInteger u = AeadOracle.little(point).clearBit(255).mod(P);
    BigInteger v2 = u.pow(3).add(A.multiply(u.pow(2))).add(u).mod(P);
    return v2.modPow(P.shiftRight(1), P).equals(P.subtract(BigInteger.ONE));
  }
}
