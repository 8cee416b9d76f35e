package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.XChaCha20Poly1305;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final RemoteIdentity remote;

  /** The mac1 of the last message, as two words, while a reply to it is accepted. */
  private boolean expectsReply;

  private long lastMac1Low;
  private long lastMac1High;
  private byte @Nullable [] cookie;
  private long cookieBornNs;

  public CookieJar(RemoteIdentity remote) {
    this.remote = remote;
  }

  /** Puts both macs at the end of a message, with memory of its own. */
  public void stamp(byte[] message, long nowNs) {
    stamp(message, new Blake2sState(), nowNs);
  }

  /** Puts both macs at the end of a message; mac2 is zero unless a valid cookie is held. */
  public void stamp(byte[] message, Blake2sState blake2s, long nowNs) {
    int mac2Offset = message.length - Messages.MAC_BYTES;
    int mac1Offset = mac2Offset - Messages.MAC_BYTES;
    blake2s.mac(remote.mac1Key(), message, 0, mac1Offset, message, mac1Offset);
    lastMac1Low = (long) LONGS.get(message, mac1Offset);
    lastMac1High = (long) LONGS.get(message, mac1Offset + Long.BYTES);
    expectsReply = true;

    if (cookie != null && nowNs - cookieBornNs >= COOKIE_MAX_AGE_NS) {
      forgetCookie();
    }
    if (cookie != null) {
      blake2s.mac(cookie, message, 0, mac2Offset, message, mac2Offset);
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
    if (!expectsReply) {
      return false;
    }
    byte[] mac1 = new byte[Messages.MAC_BYTES];
    LONGS.set(mac1, 0, lastMac1Low);
    LONGS.set(mac1, Long.BYTES, lastMac1High);
    byte[] opened = new byte[Messages.COOKIE_BYTES];
    boolean authentic =
        XChaCha20Poly1305.open(
            aead,
            remote.cookieKey(),
            reply.nonce(),
            mac1,
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
    expectsReply = false;
    return true;
  }

  /** Overwrites the cookie and expects no reply. */
  public void wipe() {
    forgetCookie();
    expectsReply = false;
  }

  private void forgetCookie() {
    if (cookie != null) {
      Arrays.fill(cookie, (byte) 0);
      cookie = null;
    }
  }
}
