package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import java.io.Serial;
import java.util.Arrays;
import javax.crypto.SecretKey;

/** A ChaCha20 key for the JDK's ciphers whose bytes can be replaced and overwritten. */
final class WipeableKey implements SecretKey {
  @Serial private static final long serialVersionUID = 1L;

  private final transient byte[] bytes = new byte[Aead.KEY_BYTES];

  /** The key itself, to be written to. */
  byte[] bytes() {
    return bytes;
  }

  void wipe() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public String getAlgorithm() {
    return "ChaCha20";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "(hidden)";
  }
}
