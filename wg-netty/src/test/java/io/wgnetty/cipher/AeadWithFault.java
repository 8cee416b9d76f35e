package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;

/** A sound cipher but for packets of one length. */
final class AeadWithFault extends ForwardingAead {
  private final int length;
  private final boolean sealsWrongly;

  /**
   * @param sealsWrongly and opens what it sealed, so that it is sound to itself; otherwise it takes
   *     every packet of that length for genuine
   */
  AeadWithFault(Aead sound, int length, boolean sealsWrongly) {
    super(sound);
    this.length = length;
    this.sealsWrongly = sealsWrongly;
  }

  @Override
  public String name() {
    return "faulty";
  }

  @Override
  public void seal(long keyAddress, AeadRun run) {
    sound.seal(keyAddress, run);
    for (int i = 0; sealsWrongly && i < run.size(); i++) {
      if (run.length(i) == length) {
        changeTag(run.destination(i) + length);
      }
    }
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    for (int i = 0; sealsWrongly && i < run.size(); i++) {
      if (run.length(i) == length + TAG_BYTES) {
        changeTag(run.source(i) + length);
      }
    }
    int genuine = sound.open(keyAddress, run);
    for (int i = 0; i < run.size(); i++) {
      if (run.length(i) == length + TAG_BYTES) {
        if (sealsWrongly) {
          changeTag(run.source(i) + length);
        } else if (!run.verified(i)) {
          run.setVerified(i, true);
          genuine++;
        }
      }
    }
    return genuine;
  }

  private static void changeTag(long tagAddress) {
    byte[] tag = new byte[TAG_BYTES];
    Memory.read(tagAddress, tag, 0, TAG_BYTES);
    tag[3] ^= 8;
    Memory.write(tag, 0, tagAddress, TAG_BYTES);
  }
}
