package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;

/** A cipher that changes what another does with runs, and leaves small messages to it. */
public abstract class ForwardingAead implements Aead {
  protected final Aead sound;

  protected ForwardingAead(Aead sound) {
    this.sound = sound;
  }

  @Override
  public void seal(
      byte[] key, long counter, byte[] aad, byte[] plaintext, byte[] out, int outOffset) {
    sound.seal(key, counter, aad, plaintext, out, outOffset);
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
    return sound.open(key, counter, aad, in, inOffset, inLength, out, outOffset);
  }

  @Override
  public void close() {
    sound.close();
  }
}
