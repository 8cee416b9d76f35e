package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.MacKey;
import io.wgnetty.crypto.XChaCha20Poly1305;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The receiving side of mac1, mac2 and cookies (protocol 2.6): it tells who knows our public key,
 * and under load who really is at the address that a datagram came from.
 *
 * <p>What strangers can make it compute is done with the same memory again and again, and nothing
 * is computed twice. Used by one thread. A cookie is valid at all checkers that have the same
 * secrets.
 */
public final class CookieChecker {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final MacKey mac1Key;
  private final byte[] cookieKey;
  private final Aead aead;
  private final CookieSecrets secrets;
  private final NonceSource nonces;
  private final Blake2sState blake2s = new Blake2sState();
  private final byte[] sourceBytes = new byte[Endpoint.MAX_SOURCE_BYTES];
  private final byte[] nonce = new byte[XChaCha20Poly1305.NONCE_BYTES];
  private final byte[] mac1 = new byte[Messages.MAC_BYTES];
  private final byte[] cookie = new byte[Messages.COOKIE_BYTES];

  /** Whose cookie {@link #cookie} is, and under which secret; {@code null} if it is none. */
  private @Nullable Endpoint cookieSource;

  private @Nullable MacKey cookieSecret;

  /**
   * The checker of messages to {@code local}, with secrets of its own.
   *
   * @param random the source of secrets and nonces: a cryptographic one outside of tests
   */
  public CookieChecker(LocalIdentity local, Aead aead, RandomGenerator random) {
    this(local, aead, random, new CookieSecrets(random));
  }

  /** The same, with secrets that it shares with others. */
  public CookieChecker(
      LocalIdentity local, Aead aead, RandomGenerator random, CookieSecrets secrets) {
    this.secrets = secrets;
    mac1Key = new MacKey(local.mac1Key());
    cookieKey = local.cookieKey();
    this.aead = aead;
    nonces = new NonceSource(random);
  }

  /** Whether the sender knows our public key. The message ends with the two macs. */
  public boolean checkMac1(byte[] message) {
    return message.length >= Messages.MACS_BYTES
        && blake2s.isMac(mac1Key, message, message.length - Messages.MACS_BYTES);
  }

  /** Whether the sender holds the cookie that we gave to this source within the last 120 s. */
  public boolean checkMac2(byte[] message, Endpoint source, long nowNs) {
    MacKey secret = secrets.inForce(nowNs);
    if (message.length < Messages.MACS_BYTES || secret == null) {
      return false;
    }
    int mac2Offset = message.length - Messages.MAC_BYTES;
    if (isZero(message, mac2Offset)) {
      return false; // who holds no cookie says so; one in 2^128 who holds one will be asked again
    }
    makeCookie(source, secret);
    boolean valid = blake2s.isMac(cookie, message, mac2Offset);
    if (valid) {
      forgetCookie(); // otherwise a reply may be next, which is made of it
    }
    return valid;
  }

  /**
   * The 64 bytes of the cookie reply to a message with a valid mac1.
   *
   * @param message an initiation or a response
   */
  public byte[] reply(byte[] message, Endpoint source, long nowNs) {
    MacKey secret = secrets.fresh(nowNs);
    nonces.next(nonce, nowNs);
    System.arraycopy(message, message.length - Messages.MACS_BYTES, mac1, 0, mac1.length);

    byte[] reply = new byte[Messages.COOKIE_REPLY_BYTES];
    Messages.putWord(reply, Messages.TYPE_OFFSET, Messages.COOKIE_REPLY);
    int sender = Messages.word(message, Messages.SENDER_OFFSET);
    Messages.putWord(reply, Messages.COOKIE_REPLY_RECEIVER_OFFSET, sender);
    System.arraycopy(nonce, 0, reply, Messages.COOKIE_REPLY_NONCE_OFFSET, nonce.length);
    makeCookie(source, secret);
    XChaCha20Poly1305.seal(
        aead, cookieKey, nonce, mac1, cookie, reply, Messages.COOKIE_REPLY_COOKIE_OFFSET);
    forgetCookie();
    return reply;
  }

  /** The cookie of a source: a function of the secret, so that nothing is stored per source. */
  private void makeCookie(Endpoint source, MacKey secret) {
    if (source.equals(cookieSource) && secret == cookieSecret) {
      return;
    }
    int length = source.putSource(sourceBytes);
    blake2s.mac(secret, sourceBytes, 0, length, cookie, 0);
    cookieSource = source;
    cookieSecret = secret;
  }

  private void forgetCookie() {
    Arrays.fill(cookie, (byte) 0);
    cookieSource = null;
    cookieSecret = null;
  }

  private static boolean isZero(byte[] message, int macOffset) {
    return (long) LONGS.get(message, macOffset) == 0
        && (long) LONGS.get(message, macOffset + Long.BYTES) == 0;
  }
}
