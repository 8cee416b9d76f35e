package io.wgnetty.bench;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import java.lang.foreign.MemorySegment;

/**
 * A cipher that costs nothing: packets are copied where they have to move, and all are genuine. So
 * what a chain takes with it is the chain's own. Handshakes are left to a real one.
 */
final class CopyingAead implements Aead {
  @SuppressWarnings("restricted") // a run gives addresses, as to any cipher
  private static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final Aead handshakes;

  CopyingAead(Aead handshakes) {
    this.handshakes = handshakes;
  }

  @Override
  public String name() {
    return "copying";
  }

  @Override
  public void seal(long keyAddress, AeadRun run) {
    for (int i = 0; i < run.size(); i++) {
      run.placeHeader(i);
      copy(run, i, run.length(i));
    }
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    for (int i = 0; i < run.size(); i++) {
      copy(run, i, run.length(i) - TAG_BYTES);
      run.setVerified(i, true);
    }
    return run.size();
  }

  private static void copy(AeadRun run, int index, int lengthBytes) {
    long source = run.source(index);
    long destination = run.destination(index);
    if (source != destination) {
      MemorySegment.copy(MEMORY, source, MEMORY, destination, lengthBytes);
    }
  }

  @Override
  public void seal(
      byte[] key, long counter, byte[] aad, byte[] plaintext, byte[] out, int outOffset) {
    handshakes.seal(key, counter, aad, plaintext, out, outOffset);
  }

  @Override
  public boolean open(
      byte[] key,
      long counter,
      byte[] aad,
      byte[] in,
      int inOffset,
      int inLength,
      byte[] out,
      int outOffset) {
    return handshakes.open(key, counter, aad, in, inOffset, inLength, out, outOffset);
  }

  @Override
  public void close() {
    handshakes.close();
  }
}
