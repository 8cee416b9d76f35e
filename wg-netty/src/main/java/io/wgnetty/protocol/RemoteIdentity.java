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

  /**
   * Whose secret {@link #secret} is, {@code null} if none was computed: the public half, so that an
   * old private key is not kept alive.
   */
  private @Nullable PublicKey secretOf;

  /** {@code null} if the result was zero. */
  private byte @Nullable [] secret;

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
      if (local.publicKey().equals(secretOf)) {
        return secret == null ? null : secret.clone();
      }
      wipesBefore = wipes;
    }
    // Without the lock: whoever wipes must not wait for a multiplication.
    byte[] fresh = new byte[Messages.KEY_BYTES];
    boolean usable = local.privateKey().agree(crypto.x25519(), publicKey.toBytes(), fresh);
    byte[] copy = usable ? fresh.clone() : null;
    synchronized (this) {
      if (wipes == wipesBefore && wipes != RETIRED) {
        forget();
        secretOf = local.publicKey();
        secret = usable ? fresh : null;
      } else {
        Arrays.fill(fresh, (byte) 0);
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
    if (secret != null) {
      Arrays.fill(secret, (byte) 0);
      secret = null;
    }
    secretOf = null;
  }

  /** Whether a secret is kept. */
  synchronized boolean keepsSecret() {
    return secretOf != null;
  }

  @Override
  public String toString() {
    return publicKey.toString();
  }
}
