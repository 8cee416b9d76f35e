package io.wgnetty.protocol;

import io.wgnetty.crypto.PublicKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Who a peer is: its static public key, and the static-static secret once it is needed.
 *
 * <p>An idle peer costs no more than its public key. Threads may share it.
 */
public final class RemoteIdentity {
  private static final int RETIRED = -1;

  private final PublicKey publicKey;
  private @Nullable StaticStatic cached;

  /**
   * How often the secret was wiped: one that was begun before must not be kept after. {@link
   * #RETIRED} for ever from then on.
   */
  private int wipes;

  public RemoteIdentity(PublicKey publicKey) {
    this.publicKey = publicKey;
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** The key of mac1 in messages to this peer; one hash, so it is computed and never kept. */
  public byte[] mac1Key() {
    return IdentityLabels.mac1Key(publicKey);
  }

  /** The key of cookie replies from this peer; one hash, so it is computed and never kept. */
  public byte[] cookieKey() {
    return IdentityLabels.cookieKey(publicKey);
  }

  /**
   * A copy, which the caller wipes, of the X25519 result of both static keys.
   *
   * <p>It is computed at first use, again when the local identity has another key, and each time
   * after {@link #retire}.
   *
   * @return null if the result is zero: nothing may ever be sent to or accepted from such a key
   */
  public byte @Nullable [] staticStatic(HandshakeCrypto crypto, LocalIdentity local) {
    int wipesBefore;
    synchronized (this) {
      if (cached != null && cached.local.equals(local.publicKey())) {
        return cached.copy();
      }
      wipesBefore = wipes;
    }
    // Without the lock: whoever wipes must not wait for a multiplication.
    byte[] secret = new byte[Messages.KEY_BYTES];
    boolean usable = local.privateKey().agree(crypto.x25519(), publicKey.toBytes(), secret);
    if (!usable) {
      Arrays.fill(secret, (byte) 0);
    }
    StaticStatic fresh = new StaticStatic(local.publicKey(), usable ? secret : null);
    byte[] copy = fresh.copy();
    synchronized (this) {
      if (wipes == wipesBefore && wipes != RETIRED) {
        forget();
        cached = fresh;
      } else {
        fresh.wipe();
      }
    }
    return copy;
  }

  /** Overwrites the secret; a later use computes it again. */
  public synchronized void wipe() {
    wipes = wipes == RETIRED ? RETIRED : (wipes + 1) & Integer.MAX_VALUE;
    forget();
  }

  /** Overwrites the secret, and keeps none from now on: the peer is removed. */
  public synchronized void retire() {
    wipes = RETIRED;
    forget();
  }

  private void forget() {
    if (cached != null) {
      cached.wipe();
      cached = null;
    }
  }

  /** Whether a secret is kept. */
  synchronized boolean keepsSecret() {
    return cached != null;
  }

  @Override
  public String toString() {
    return publicKey.toString();
  }

  private static final class StaticStatic {
    /** Whose secret it is: the public half, so that an old private key is not kept alive. */
    private final PublicKey local;

    private final byte @Nullable [] secret;

    StaticStatic(PublicKey local, byte @Nullable [] secret) {
      this.local = local;
      this.secret = secret;
    }

    byte @Nullable [] copy() {
      return secret == null ? null : secret.clone();
    }

    void wipe() {
      if (secret != null) {
        Arrays.fill(secret, (byte) 0);
      }
    }
  }
}
