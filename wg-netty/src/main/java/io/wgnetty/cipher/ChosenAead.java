package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.AeadRun;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ciphers that an {@link AeadChooser} has chosen, also when it chooses anew. */
final class ChosenAead implements Aead {
  private final AeadChooser chooser;

  /** Made when they are needed first. */
  private final Map<AeadProvider, Aead> made = new LinkedHashMap<>();

  private final Map<AeadLoad, Aead> aeads = new EnumMap<>(AeadLoad.class);
  private AeadChoice choice;
  private boolean closed;

  ChosenAead(AeadChooser chooser) {
    this.chooser = chooser;
    this.choice = chooser.choice();
    aead(AeadLoad.ONE_SMALL); // what cannot be made fails here
  }

  @SuppressWarnings("ReferenceEquality") // every choice is an object of its own
  private Aead aead(AeadLoad load) {
    AeadChoice now = chooser.choice();
    if (now != choice) {
      changeOver(now);
    }
    Aead aead = aeads.get(load);
    return aead == null ? make(load) : aead;
  }

  private Aead make(AeadLoad load) {
    if (closed) {
      throw new IllegalStateException("the cipher is closed");
    }
    Aead aead = made.computeIfAbsent(choice.provider(load), AeadProvider::create);
    aeads.put(load, aead);
    return aead;
  }

  /** Closes what is no longer used. */
  private void changeOver(AeadChoice now) {
    choice = now;
    aeads.clear();
    made.entrySet()
        .removeIf(
            each -> {
              boolean leaves = !now.providers().containsValue(each.getKey());
              if (leaves) {
                each.getValue().close();
              }
              return leaves;
            });
  }

  @Override
  public String name() {
    return chooser.name();
  }

  @Override
  public void seal(long keyAddress, AeadRun run) {
    if (run.size() > 0) {
      aead(AeadLoad.of(run)).seal(keyAddress, run);
    }
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    return run.size() == 0 ? 0 : aead(AeadLoad.of(run)).open(keyAddress, run);
  }

  @Override
  public void seal(
      byte[] key, long counter, byte[] aad, byte[] plaintext, byte[] out, int outOffset) {
    aead(AeadLoad.ONE_SMALL).seal(key, counter, aad, plaintext, out, outOffset);
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
    return aead(AeadLoad.ONE_SMALL).open(key, counter, aad, in, inOffset, inLength, out, outOffset);
  }

  @Override
  public void close() {
    closed = true;
    aeads.clear();
    made.values().forEach(Aead::close);
    made.clear();
  }
}
