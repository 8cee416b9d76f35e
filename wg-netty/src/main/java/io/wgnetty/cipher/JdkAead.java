package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;

/**
 * The JDK's own cipher: always there, and the slowest.
 *
 * <p>It takes arrays, so that packets are copied through two of them. It also copies the key at
 * each packet, out of reach of any wipe: where that matters, use another provider.
 */
final class JdkAead implements Aead {
  static final String NAME = "jdk";

  private static final String TRANSFORMATION = "ChaCha20-Poly1305";
  private static final int NONCE_BYTES = 12;
  private static final int COUNTER_OFFSET = 4;

  /** An ordinary packet fits; the arrays grow for larger ones. */
  private static final int INITIAL_SCRATCH_BYTES = 2048;

  private static final byte[] NO_AAD = new byte[0];
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final WipeableKey key = new WipeableKey();
  private final byte[] nonce = new byte[NONCE_BYTES];
  private Cipher cipher;
  private byte[] input = new byte[INITIAL_SCRATCH_BYTES];
  private byte[] output = new byte[INITIAL_SCRATCH_BYTES];

  JdkAead() {
    cipher = newCipher();
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void seal(long keyAddress, AeadRun run) {
    Memory.read(keyAddress, key.bytes(), 0, KEY_BYTES);
    for (int i = 0; i < run.size(); i++) {
      int length = run.length(i);
      reserve(length + TAG_BYTES);
      run.placeHeader(i);
      Memory.read(run.source(i), input, 0, length);
      seal(run.counter(i), NO_AAD, length);
      Memory.write(output, 0, run.destination(i), length + TAG_BYTES);
    }
    key.wipe();
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    Memory.read(keyAddress, key.bytes(), 0, KEY_BYTES);
    int genuine = 0;
    for (int i = 0; i < run.size(); i++) {
      int length = run.length(i);
      boolean verified = false;
      if (length >= TAG_BYTES) {
        reserve(length);
        Memory.read(run.source(i), input, 0, length);
        verified = open(run.counter(i), NO_AAD, length);
      }
      if (verified) {
        Memory.write(output, 0, run.destination(i), length - TAG_BYTES);
        genuine++;
      }
      run.setVerified(i, verified);
    }
    key.wipe();
    return genuine;
  }

  @Override
  public void seal(
      byte[] keyBytes, long counter, byte[] aad, byte[] plaintext, byte[] out, int outOffset) {
    int sealedBytes = plaintext.length + TAG_BYTES;
    Objects.checkFromIndexSize(outOffset, sealedBytes, out.length);
    reserve(sealedBytes);
    System.arraycopy(keyBytes, 0, key.bytes(), 0, KEY_BYTES);
    System.arraycopy(plaintext, 0, input, 0, plaintext.length);
    seal(counter, aad, plaintext.length);
    System.arraycopy(output, 0, out, outOffset, sealedBytes);
    key.wipe();
    wipeScratch(sealedBytes);
  }

  @Override
  public boolean open(
      byte[] keyBytes,
      long counter,
      byte[] aad,
      byte[] in,
      int inOffset,
      int inLength,
      byte[] out,
      int outOffset) {
    Objects.checkFromIndexSize(inOffset, inLength, in.length);
    if (inLength < TAG_BYTES) {
      return false;
    }
    Objects.checkFromIndexSize(outOffset, inLength - TAG_BYTES, out.length);
    reserve(inLength);
    System.arraycopy(keyBytes, 0, key.bytes(), 0, KEY_BYTES);
    System.arraycopy(in, inOffset, input, 0, inLength);
    boolean verified = open(counter, aad, inLength);
    if (verified) {
      System.arraycopy(output, 0, out, outOffset, inLength - TAG_BYTES);
    }
    key.wipe();
    wipeScratch(inLength);
    return verified;
  }

  @Override
  public void close() {
    key.wipe();
    wipeScratch(input.length);
    // The cipher keeps the last key until it is given another.
    start(Cipher.DECRYPT_MODE, 0);
  }

  private void seal(long counter, byte[] aad, int lengthBytes) {
    start(Cipher.ENCRYPT_MODE, counter);
    try {
      cipher.updateAAD(aad);
      cipher.doFinal(input, 0, lengthBytes, output, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's cipher failed to seal", e);
    }
  }

  private boolean open(long counter, byte[] aad, int lengthBytes) {
    start(Cipher.DECRYPT_MODE, counter);
    try {
      cipher.updateAAD(aad);
      cipher.doFinal(input, 0, lengthBytes, output, 0);
      return true;
    } catch (AEADBadTagException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's cipher failed to open", e);
    }
  }

  private void start(int mode, long counter) {
    LONG.set(nonce, COUNTER_OFFSET, counter);
    IvParameterSpec parameters = new IvParameterSpec(nonce);
    try {
      try {
        cipher.init(mode, key, parameters);
      } catch (InvalidKeyException e) {
        // The cipher refuses the key and nonce that it used last. Whether a nonce may come again
        // is the session's affair; a new cipher does not know of the last one.
        cipher = newCipher();
        cipher.init(mode, key, parameters);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK's cipher refuses its key", e);
    }
  }

  private void reserve(int lengthBytes) {
    if (input.length < lengthBytes) {
      wipeScratch(input.length);
      input = new byte[lengthBytes];
      output = new byte[lengthBytes];
    }
  }

  private void wipeScratch(int lengthBytes) {
    Arrays.fill(input, 0, lengthBytes, (byte) 0);
    Arrays.fill(output, 0, lengthBytes, (byte) 0);
  }

  private static Cipher newCipher() {
    try {
      return Cipher.getInstance(TRANSFORMATION);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no " + TRANSFORMATION, e);
    }
  }
}
