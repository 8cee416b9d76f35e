package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.XChaCha20Poly1305;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The sending side of mac1, mac2 and cookies towards one peer (protocol 2.6).
 *
 * <p>Used by one thread. It holds no array until a handshake is sent, because most peers are idle.
 */
public final class CookieJar {
  /**
   * protocol 1.3: the age at which a secret ends at the peer, less the 5 s that a message may take.
   */
  static final long COOKIE_MAX_AGE_NS = 115_000_000_000L;

  private final RemoteIdentity remote;
  private byte @Nullable [] lastMac1;
  private byte @Nullable [] cookie;
  private long cookieBornNs;

  public CookieJar(RemoteIdentity remote) {
    this.remote = remote;
  }

  /** Puts both macs at the end of a message; mac2 is zero unless a valid cookie is held. */
  public void stamp(byte[] message, long nowNs) {
    int mac2Offset = message.length - Messages.MAC_BYTES;
    int mac1Offset = mac2Offset - Messages.MAC_BYTES;
    Blake2s.mac(remote.mac1Key(), message, 0, mac1Offset, message, mac1Offset);
    lastMac1 = Arrays.copyOfRange(message, mac1Offset, mac2Offset);

    if (cookie != null && nowNs - cookieBornNs >= COOKIE_MAX_AGE_NS) {
      forgetCookie();
    }
    if (cookie != null) {
      Blake2s.mac(cookie, message, 0, mac2Offset, message, mac2Offset);
    } else {
      Arrays.fill(message, mac2Offset, message.length, (byte) 0);
    }
  }

  /**
   * Takes the cookie out of a reply to the last stamped message, which accepts one reply only.
   *
   * @return false, and nothing changes, if the reply is not authentic or not expected
   */
  public boolean consume(CookieReplyMessage reply, Aead aead, long nowNs) {
    if (lastMac1 == null) {
      return false;
    }
    byte[] opened = new byte[Messages.COOKIE_BYTES];
    boolean authentic =
        XChaCha20Poly1305.open(
            aead,
            remote.cookieKey(),
            reply.nonce(),
            lastMac1,
            reply.bytes(),
            Messages.COOKIE_REPLY_COOKIE_OFFSET,
            Messages.COOKIE_BYTES + Messages.TAG_BYTES,
            opened,
            0);
    if (!authentic) {
      return false;
    }
    forgetCookie();
    cookie = opened;
    cookieBornNs = nowNs;
    lastMac1 = null;
    return true;
  }

  /** Overwrites the cookie and expects no reply. */
  public void wipe() {
    forgetCookie();
    lastMac1 = null;
  }

  private void forgetCookie() {
    if (cookie != null) {
      Arrays.fill(cookie, (byte) 0);
      cookie = null;
    }
  }
}
