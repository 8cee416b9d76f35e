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
  private final PublicKey publicKey;
  private @Nullable StaticStatic cached;

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
   * <p>It is computed at first use and again when the local identity is another object.
   *
   * @return null if the result is zero: nothing may ever be sent to or accepted from such a key
   */
  public byte @Nullable [] staticStatic(HandshakeCrypto crypto, LocalIdentity local) {
    synchronized (this) {
      if (cached != null && cached.local == local) {
        return cached.copy();
      }
    }
    // Without the lock: whoever wipes must not wait for a multiplication.
    byte[] secret = new byte[Messages.KEY_BYTES];
    boolean usable = local.privateKey().agree(crypto.x25519(), publicKey.toBytes(), secret);
    StaticStatic fresh = new StaticStatic(local, usable ? secret : null);
    synchronized (this) {
      wipe();
      cached = fresh;
      return fresh.copy();
    }
  }

  /** Overwrites the secret; a later use computes it again. */
  public synchronized void wipe() {
    if (cached != null) {
      cached.wipe();
      cached = null;
    }
  }

  @Override
  public String toString() {
    return publicKey.toString();
  }

  private static final class StaticStatic {
    private final LocalIdentity local;
    private final byte @Nullable [] secret;

    StaticStatic(LocalIdentity local, byte @Nullable [] secret) {
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
