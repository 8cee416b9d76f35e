package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.XChaCha20Poly1305;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The receiving side of mac1, mac2 and cookies (protocol 2.6): it tells who knows our public key,
 * and under load who really is at the address that a datagram came from.
 *
 * <p>Used by one thread. A cookie is valid at all checkers that have the same secrets.
 */
public final class CookieChecker {
  private final byte[] mac1Key;
  private final byte[] cookieKey;
  private final Aead aead;
  private final RandomGenerator random;
  private final CookieSecrets secrets;

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
    mac1Key = local.mac1Key();
    cookieKey = local.cookieKey();
    this.aead = aead;
    this.random = random;
  }

  /** Whether the sender knows our public key. The message ends with the two macs. */
  public boolean checkMac1(byte[] message) {
    return message.length >= Messages.MACS_BYTES
        && checkMac(mac1Key, message, message.length - Messages.MACS_BYTES);
  }

  /** Whether the sender holds the cookie that we gave to this source within the last 120 s. */
  public boolean checkMac2(byte[] message, Endpoint source, long nowNs) {
    byte[] secret = secrets.inForce(nowNs);
    if (message.length < Messages.MACS_BYTES || secret == null) {
      return false;
    }
    byte[] cookie = cookieOf(source, secret);
    boolean valid = checkMac(cookie, message, message.length - Messages.MAC_BYTES);
    Arrays.fill(cookie, (byte) 0);
    return valid;
  }

  /**
   * The 64 bytes of the cookie reply to a message with a valid mac1.
   *
   * @param message an initiation or a response
   */
  public byte[] reply(byte[] message, Endpoint source, long nowNs) {
    byte[] secret = secrets.fresh(nowNs);
    byte[] nonce = new byte[XChaCha20Poly1305.NONCE_BYTES];
    random.nextBytes(nonce);
    int mac1Offset = message.length - Messages.MACS_BYTES;
    byte[] mac1 = Arrays.copyOfRange(message, mac1Offset, mac1Offset + Messages.MAC_BYTES);

    byte[] reply = new byte[Messages.COOKIE_REPLY_BYTES];
    Messages.putWord(reply, Messages.TYPE_OFFSET, Messages.COOKIE_REPLY);
    int sender = Messages.word(message, Messages.SENDER_OFFSET);
    Messages.putWord(reply, Messages.COOKIE_REPLY_RECEIVER_OFFSET, sender);
    System.arraycopy(nonce, 0, reply, Messages.COOKIE_REPLY_NONCE_OFFSET, nonce.length);
    byte[] cookie = cookieOf(source, secret);
    XChaCha20Poly1305.seal(
        aead, cookieKey, nonce, mac1, cookie, reply, Messages.COOKIE_REPLY_COOKIE_OFFSET);
    Arrays.fill(cookie, (byte) 0);
    return reply;
  }

  /** The cookie of a source: a function of the secret, so that nothing is stored per source. */
  private static byte[] cookieOf(Endpoint source, byte[] secret) {
    byte[] sourceBytes = source.sourceBytes();
    byte[] cookie = new byte[Messages.COOKIE_BYTES];
    Blake2s.mac(secret, sourceBytes, 0, sourceBytes.length, cookie, 0);
    return cookie;
  }

  private static boolean checkMac(byte[] key, byte[] message, int macOffset) {
    byte[] expected = new byte[Messages.MAC_BYTES];
    Blake2s.mac(key, message, 0, macOffset, expected, 0);
    byte[] actual = Arrays.copyOfRange(message, macOffset, macOffset + Messages.MAC_BYTES);
    return MessageDigest.isEqual(expected, actual);
  }
}
