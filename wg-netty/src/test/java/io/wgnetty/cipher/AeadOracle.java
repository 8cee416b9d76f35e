package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.ChaCha7539Engine;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/**
 * What the providers are compared with: BouncyCastle's ChaCha20 and AEAD, and Poly1305 written down
 * as RFC 8439 section 2.5 defines it, in whole numbers.
 */
final class AeadOracle {
  static final BigInteger P = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));

  private static final int BLOCK_BYTES = 64;
  private static final int MAC_BLOCK_BYTES = 16;
  private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

  private AeadOracle() {}

  /** WireGuard's nonce. */
  static byte[] nonce(long counter) {
    byte[] nonce = new byte[12];
    for (int i = 0; i < Long.BYTES; i++) {
      nonce[4 + i] = (byte) (counter >>> (8 * i));
    }
    return nonce;
  }

  static byte[] seal(byte[] key, byte[] nonce, byte[] aad, byte[] plaintext) {
    ChaCha20Poly1305 cipher = new ChaCha20Poly1305();
    cipher.init(true, new AEADParameters(new KeyParameter(key), 128, nonce, aad));
    byte[] out = new byte[plaintext.length + Aead.TAG_BYTES];
    int written = cipher.processBytes(plaintext, 0, plaintext.length, out, 0);
    try {
      cipher.doFinal(out, written);
    } catch (InvalidCipherTextException e) {
      throw new AssertionError(e);
    }
    return out;
  }

  static byte[] seal(byte[] key, long counter, byte[] aad, byte[] plaintext) {
    return seal(key, nonce(counter), aad, plaintext);
  }

  /** The keystream from a block on. */
  static byte[] keystream(byte[] key, byte[] nonce, int firstBlock, int lengthBytes) {
    ChaCha7539Engine engine = new ChaCha7539Engine();
    engine.init(true, new ParametersWithIV(new KeyParameter(key), nonce));
    engine.skip((long) firstBlock * BLOCK_BYTES);
    byte[] stream = new byte[lengthBytes];
    engine.processBytes(stream, 0, lengthBytes, stream, 0);
    return stream;
  }

  static byte[] macKey(byte[] key, byte[] nonce) {
    return keystream(key, nonce, 0, 32);
  }

  /** The clamped multiplier of a one-time key. */
  static BigInteger multiplier(byte[] macKey) {
    return little(Arrays.copyOf(macKey, 16)).and(CLAMP);
  }

  static byte[] poly1305(byte[] macKey, byte[] message) {
    BigInteger r = multiplier(macKey);
    BigInteger accumulator = BigInteger.ZERO;
    for (int i = 0; i < message.length; i += MAC_BLOCK_BYTES) {
      accumulator = accumulator.add(macBlock(message, i)).multiply(r).mod(P);
    }
    return littleBytes(accumulator.add(little(Arrays.copyOfRange(macKey, 16, 32))), 16);
  }

  /** The accumulator before the next block, {@code blocks} blocks into the message. */
  static BigInteger accumulator(BigInteger r, byte[] message, int blocks) {
    BigInteger accumulator = BigInteger.ZERO;
    for (int i = 0; i < blocks; i++) {
      accumulator = accumulator.add(macBlock(message, i * MAC_BLOCK_BYTES)).multiply(r).mod(P);
    }
    return accumulator;
  }

  /** What a ciphertext without additional data is authenticated as, RFC 8439 section 2.8. */
  static byte[] macInput(byte[] ciphertext) {
    int padded = (ciphertext.length + MAC_BLOCK_BYTES - 1) / MAC_BLOCK_BYTES * MAC_BLOCK_BYTES;
    byte[] input = Arrays.copyOf(ciphertext, padded + MAC_BLOCK_BYTES);
    System.arraycopy(
        littleBytes(BigInteger.valueOf(ciphertext.length), 8), 0, input, padded + 8, 8);
    return input;
  }

  static BigInteger little(byte[] bytes) {
    return new BigInteger(1, reversed(bytes));
  }

  /** The low bytes of a number. */
  static byte[] littleBytes(BigInteger number, int lengthBytes) {
    byte[] little = reversed(number.toByteArray());
    return Arrays.copyOf(little, lengthBytes);
  }

  private static BigInteger macBlock(byte[] message, int offset) {
    int length = Math.min(MAC_BLOCK_BYTES, message.length - offset);
    return little(Arrays.copyOfRange(message, offset, offset + length)).setBit(8 * length);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
