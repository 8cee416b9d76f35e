package io.wgnetty.protocol;

import io.wgnetty.crypto.MacKey;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The secret that a node makes its cookies with (protocol 2.6): a fresh one every 120 s. One for
 * all checkers of a node, so that a cookie holds at whichever of them its owner's next message
 * arrives.
 *
 * <p>Any thread may use it. What is read is never written over while somebody may still compute
 * with it: a secret is wiped when the one after it is replaced.
 */
public final class CookieSecrets {
  /** protocol 1.3: after this age a secret makes and accepts no cookie. */
  static final long SECRET_MAX_AGE_NS = 120_000_000_000L;

  private static final int SECRET_BYTES = 32;

  private record Secret(MacKey key, long bornNs) {
    static Secret generate(RandomGenerator random, long nowNs) {
      byte[] bytes = new byte[SECRET_BYTES];
      random.nextBytes(bytes);
      MacKey key = new MacKey(bytes);
      Arrays.fill(bytes, (byte) 0);
      return new Secret(key, nowNs);
    }

    boolean isFresh(long nowNs) {
      return nowNs - bornNs < SECRET_MAX_AGE_NS;
    }

    void wipe() {
      key.wipe();
    }
  }

  private final RandomGenerator random;
  private volatile @Nullable Secret current;
  private @Nullable Secret previous;

  /**
   * No secret yet: the first is made with the first cookie.
   *
   * @param random a cryptographic one outside of tests, that threads may share if they share this
   */
  public CookieSecrets(RandomGenerator random) {
    this.random = random;
  }

  /** The secret in force, {@code null} if there is none or it is too old. Not to be wiped. */
  @Nullable MacKey inForce(long nowNs) {
    Secret secret = current;
    return secret != null && secret.isFresh(nowNs) ? secret.key : null;
  }

  /** The secret in force, made anew if there is none or it is too old. Not to be wiped. */
  MacKey fresh(long nowNs) {
    MacKey secret = inForce(nowNs);
    return secret != null ? secret : replace(nowNs);
  }

  private synchronized MacKey replace(long nowNs) {
    Secret old = current;
    if (old != null && old.isFresh(nowNs)) {
      return old.key; // another thread was first
    }
    if (previous != null) {
      previous.wipe();
    }
    previous = old;
    Secret secret = Secret.generate(random, nowNs);
    current = secret;
    return secret.key;
  }

  /**
   * Overwrites the secrets: no cookie given so far is valid any more. For when nobody uses them.
   */
  public synchronized void wipe() {
    Secret last = current;
    current = null;
    if (last != null) {
      last.wipe();
    }
    if (previous != null) {
      previous.wipe();
      previous = null;
    }
  }
}
