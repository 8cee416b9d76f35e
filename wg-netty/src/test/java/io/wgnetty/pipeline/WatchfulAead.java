package io.wgnetty.pipeline;

import io.wgnetty.cipher.ForwardingAead;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.Memory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cipher that looks at what it is to do: no key may be wiped before or after it works, none may
 * change meanwhile, and no counter is sealed twice under the same key.
 */
final class WatchfulAead extends ForwardingAead {
  private final Watch watch;
  private final Runnable beforeRun;

  /** What all ciphers of a test have seen; for any thread. */
  static final class Watch {
    private final Set<String> sealed = ConcurrentHashMap.newKeySet();
    private final Set<String> findings = ConcurrentHashMap.newKeySet();

    /** What was wrong. */
    Set<String> findings() {
      return findings;
    }

    private void look(byte[] key, String when) {
      // The first word of a wiped place may be a link to another.
      byte[] rest = Arrays.copyOfRange(key, Long.BYTES, KEY_BYTES);
      if (Arrays.equals(rest, new byte[rest.length])) {
        findings.add("a wiped key " + when);
      }
    }

    private void seals(byte[] key, AeadRun run) {
      String prefix = HexFormat.of().formatHex(key);
      for (int i = 0; i < run.size(); i++) {
        if (!sealed.add(prefix + run.counter(i))) {
          findings.add("counter " + run.counter(i) + " is sealed twice");
        }
      }
    }
  }

  /**
   * A cipher that watches.
   *
   * @param beforeRun is run between the first look at the key and the work
   */
  WatchfulAead(Aead sound, Watch watch, Runnable beforeRun) {
    super(sound);
    this.watch = watch;
    this.beforeRun = beforeRun;
  }

  private static byte[] key(long address) {
    byte[] key = new byte[KEY_BYTES];
    Memory.read(address, key, 0, KEY_BYTES);
    return key;
  }

  private byte[] begin(long keyAddress) {
    byte[] key = key(keyAddress);
    watch.look(key, "before");
    beforeRun.run();
    return key;
  }

  private void end(long keyAddress, byte[] key) {
    byte[] now = key(keyAddress);
    watch.look(now, "after");
    if (!Arrays.equals(now, key)) {
      watch.findings.add("another key after than before");
    }
  }

  @Override
  public String name() {
    return sound.name();
  }

  @Override
  public void seal(long keyAddress, AeadRun run) {
    byte[] key = begin(keyAddress);
    watch.seals(key, run);
    sound.seal(keyAddress, run);
    end(keyAddress, key);
  }

  @Override
  public int open(long keyAddress, AeadRun run) {
    byte[] key = begin(keyAddress);
    int genuine = sound.open(keyAddress, run);
    end(keyAddress, key);
    return genuine;
  }
}
