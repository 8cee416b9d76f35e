package io.wgnetty.storm;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.crypto.X25519;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.RemoteIdentity;
import java.util.SplittableRandom;

/** Makes messages for floods, beforehand: sending them is to cost no more than a copy. */
final class FloodMessages {
  private static final int MAX_JUNK_BYTES = 256;

  private final StormCrypto crypto;
  private final RemoteIdentity server;
  private final CookieJar macs;
  private final SplittableRandom random;

  FloodMessages(StormCrypto crypto, RemoteIdentity server, SplittableRandom random) {
    this.crypto = crypto;
    this.server = server;
    this.random = random;
    macs = new CookieJar(server);
  }

  /**
   * A message of a kind.
   *
   * @throws IllegalArgumentException for {@link FloodKind#REPLAY}, which is made by real peers
   */
  byte[] make(FloodKind kind) {
    return switch (kind) {
      case FORGED, ONE_SOURCE, SWEEP -> stamped(noise());
      case WRONG_MAC1 -> wrongMac1();
      case JUNK -> junk();
      case LOW_ORDER_EPHEMERAL -> lowOrderEphemeral();
      case LOW_ORDER_STATIC -> byKey(lowOrderKey());
      case UNKNOWN_KEY -> byKey(anyKey());
      case REPLAY -> throw new IllegalArgumentException("only a peer makes what can be replayed");
    };
  }

  private byte[] noise() {
    byte[] message = new byte[Messages.INITIATION_BYTES];
    random.nextBytes(message);
    Words.put(message, Messages.TYPE_OFFSET, Messages.INITIATION);
    return message;
  }

  private byte[] stamped(byte[] message) {
    macs.stamp(message, 0);
    return message;
  }

  private byte[] wrongMac1() {
    byte[] message = stamped(noise());
    message[message.length - Messages.MACS_BYTES] ^= 1;
    return message;
  }

  private byte[] junk() {
    byte[] message = new byte[1 + random.nextInt(MAX_JUNK_BYTES)];
    random.nextBytes(message);
    return message;
  }

  private byte[] lowOrderEphemeral() {
    byte[] message = noise();
    for (int i = 0; i < X25519.KEY_BYTES; i++) {
      message[Messages.INITIATION_EPHEMERAL_OFFSET + i] = 0; // the point of order 2
    }
    return stamped(message);
  }

  /** All is genuine up to the static key: a server that did not look would agree on zeros. */
  private byte[] byKey(byte[] key) {
    byte[] message = noise();
    byte[] secret = new byte[X25519.KEY_BYTES];
    PrivateKey ephemeral = PrivateKey.generate(random);
    byte[] ephemeralKey = ephemeral.publicKey(crypto.x25519()).toBytes();
    System.arraycopy(
        ephemeralKey, 0, message, Messages.INITIATION_EPHEMERAL_OFFSET, ephemeralKey.length);
    Noise noise = Noise.towards(server.publicKey().toBytes());
    noise.mixEphemeral(crypto, ephemeralKey);
    ephemeral.agree(crypto.x25519(), server.publicKey().toBytes(), secret);
    noise.mixKey(crypto, secret);
    noise.seal(crypto.aead(), key, message, Messages.INITIATION_STATIC_OFFSET);
    noise.mixKey(crypto, new byte[X25519.KEY_BYTES]);
    noise.seal(
        crypto.aead(), new byte[Tai64n.BYTES], message, Messages.INITIATION_TIMESTAMP_OFFSET);
    return stamped(message);
  }

  private byte[] anyKey() {
    byte[] key = new byte[X25519.KEY_BYTES];
    random.nextBytes(key);
    return key;
  }

  /** Every product with it is zero. A server may even have it as a peer's key. */
  static byte[] lowOrderKey() {
    return new byte[X25519.KEY_BYTES];
  }
}
