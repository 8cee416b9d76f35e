package io.wgnetty.cipher;

import io.wgnetty.crypto.X25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** X25519 by a native library: native copies of the keys for each call, wiped after it. */
abstract class NativeX25519 implements X25519 {
  /** Three keys' places: whatever a call leaves in them is overwritten. */
  private static final int WORK_BYTES = 3 * KEY_BYTES;

  /** Writes the shared secret; returns false if it is zero, whatever was written then. */
  abstract boolean agree(long privateKeyAddress, long publicKeyAddress, long sharedSecretAddress);

  abstract void publicKey(long privateKeyAddress, long publicKeyAddress);

  @Override
  public final boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment work = arena.allocate(WORK_BYTES);
      MemorySegment secret = place(work, 0);
      MemorySegment point = place(work, 1);
      MemorySegment shared = place(work, 2);
      try {
        MemorySegment.copy(privateKey, 0, secret, ValueLayout.JAVA_BYTE, 0, KEY_BYTES);
        MemorySegment.copy(publicKey, 0, point, ValueLayout.JAVA_BYTE, 0, KEY_BYTES);
        boolean agreed = agree(secret.address(), point.address(), shared.address());
        if (!agreed) {
          shared.fill((byte) 0);
        }
        MemorySegment.copy(shared, ValueLayout.JAVA_BYTE, 0, sharedSecret, 0, KEY_BYTES);
        return agreed;
      } finally {
        work.fill((byte) 0);
      }
    }
  }

  @Override
  public final void publicKey(byte[] privateKey, byte[] publicKey) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment work = arena.allocate(WORK_BYTES);
      MemorySegment secret = place(work, 0);
      MemorySegment point = place(work, 1);
      try {
        MemorySegment.copy(privateKey, 0, secret, ValueLayout.JAVA_BYTE, 0, KEY_BYTES);
        publicKey(secret.address(), point.address());
        MemorySegment.copy(point, ValueLayout.JAVA_BYTE, 0, publicKey, 0, KEY_BYTES);
      } finally {
        work.fill((byte) 0);
      }
    }
  }

  private static MemorySegment place(MemorySegment work, int index) {
    return work.asSlice((long) index * KEY_BYTES, KEY_BYTES);
  }
}
