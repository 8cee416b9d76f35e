package io.wgnetty.cipher;

import io.wgnetty.crypto.AgreementKey;
import io.wgnetty.crypto.X25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * A private key as an object of OpenSSL, which computes the public half when it is made: a whole
 * multiplication. The library counts who uses it, and wipes it when nobody does any more.
 */
final class OpenSslAgreementKey implements AgreementKey {
  /** Places of two keys and a length: whatever a call leaves in them is overwritten. */
  private static final int WORK_BYTES = 3 * X25519.KEY_BYTES;

  private final long key;
  private boolean closed;

  OpenSslAgreementKey(byte[] privateKey) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment scalar = arena.allocate(X25519.KEY_BYTES);
      MemorySegment.copy(privateKey, 0, scalar, ValueLayout.JAVA_BYTE, 0, X25519.KEY_BYTES);
      key = OpenSsl.newPrivateKey(scalar.address(), X25519.KEY_BYTES);
      scalar.fill((byte) 0);
    }
    OpenSslX25519.check(key != 0);
  }

  @Override
  public boolean agree(byte[] publicKey, byte[] sharedSecret) {
    if (!retain()) {
      Arrays.fill(sharedSecret, (byte) 0);
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      return agree(arena.allocate(WORK_BYTES, Long.BYTES), publicKey, sharedSecret);
    } finally {
      OpenSsl.keyFree(key);
    }
  }

  private boolean agree(MemorySegment work, byte[] publicKey, byte[] sharedSecret) {
    MemorySegment point = work.asSlice(0, X25519.KEY_BYTES);
    MemorySegment shared = work.asSlice(X25519.KEY_BYTES, X25519.KEY_BYTES);
    MemorySegment length = work.asSlice(2L * X25519.KEY_BYTES);
    try {
      MemorySegment.copy(publicKey, 0, point, ValueLayout.JAVA_BYTE, 0, X25519.KEY_BYTES);
      boolean agreed = OpenSslX25519.agree(key, point.address(), shared.address(), length);
      if (!agreed) {
        shared.fill((byte) 0);
      }
      MemorySegment.copy(shared, ValueLayout.JAVA_BYTE, 0, sharedSecret, 0, X25519.KEY_BYTES);
      return agreed;
    } finally {
      work.fill((byte) 0);
    }
  }

  @Override
  public void publicKey(byte[] publicKey) {
    if (!retain()) {
      throw new IllegalStateException("the private key was wiped");
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment point = arena.allocate(X25519.KEY_BYTES);
      MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_LONG, X25519.KEY_BYTES);
      OpenSslX25519.check(OpenSsl.getPublicKey(key, point.address(), length.address()));
      MemorySegment.copy(point, ValueLayout.JAVA_BYTE, 0, publicKey, 0, X25519.KEY_BYTES);
    } finally {
      OpenSsl.keyFree(key);
    }
  }

  /** One more uses the key, unless it is closed. */
  private synchronized boolean retain() {
    return !closed && OpenSsl.keyRetain(key);
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      OpenSsl.keyFree(key);
    }
  }
}
