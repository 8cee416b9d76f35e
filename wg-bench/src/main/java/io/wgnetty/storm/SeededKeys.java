package io.wgnetty.storm;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.PrivateKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The private keys of a storm: the same ones for the same seed, so that a run can be repeated. */
record SeededKeys(long seed) {
  /** The key of number {@code number} among those of this purpose. */
  PrivateKey key(String purpose, int number) {
    byte[] place =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(seed).putInt(number).array();
    return PrivateKey.of(Blake2s.hash(purpose.getBytes(StandardCharsets.US_ASCII), place));
  }
}
