package io.wgnetty.cipher;

import io.wgnetty.crypto.X25519;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/**
 * X25519 by the JDK: always there. It copies the private key out of reach of any wipe, and has no
 * short cut for public keys.
 */
final class JdkX25519 implements X25519 {
  static final String NAME = "jdk";

  private static final String ALGORITHM = "X25519";
  private static final byte[] BASE_POINT = basePoint();

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
    try {
      KeyFactory keys = KeyFactory.getInstance(ALGORITHM);
      PrivateKey secret =
          keys.generatePrivate(
              new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey.clone()));
      PublicKey point =
          keys.generatePublic(
              new XECPublicKeySpec(NamedParameterSpec.X25519, coordinate(publicKey)));
      KeyAgreement agreement = KeyAgreement.getInstance(ALGORITHM);
      agreement.init(secret);
      if (!accepts(agreement, point)) {
        Arrays.fill(sharedSecret, (byte) 0);
        return false;
      }
      agreement.generateSecret(sharedSecret, 0);
      return true;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK failed at " + ALGORITHM, e);
    }
  }

  @Override
  public void publicKey(byte[] privateKey, byte[] publicKey) {
    agree(privateKey, BASE_POINT, publicKey);
  }

  /** Multiplies; the JDK refuses a zero result as a bad key. */
  private static boolean accepts(KeyAgreement agreement, PublicKey point) {
    try {
      agreement.doPhase(point, true);
      return true;
    } catch (InvalidKeyException e) {
      return false;
    }
  }

  /** The u-coordinate, without bit 255. */
  private static BigInteger coordinate(byte[] publicKey) {
    byte[] bigEndian = new byte[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++) {
      bigEndian[i] = publicKey[KEY_BYTES - 1 - i];
    }
    bigEndian[0] &= 0x7f;
    return new BigInteger(1, bigEndian);
  }

  private static byte[] basePoint() {
    byte[] point = new byte[KEY_BYTES];
    point[0] = 9;
    return point;
  }
}
