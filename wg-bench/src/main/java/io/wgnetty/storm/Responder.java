package io.wgnetty.storm;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import io.wgnetty.protocol.TransportKeys;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The half of a client that answers the server's initiations (protocol 2.2, 2.3): each that is
 * genuine and newer than all before it. A client has one from the first of them on.
 */
final class Responder {
  private final HandshakeCrypto crypto;
  private final LocalIdentity local;
  private final RemoteIdentity server;
  private byte[] greatestTimestamp = new byte[Tai64n.BYTES];

  Responder(StormCrypto crypto, PrivateKey local, RemoteIdentity server) {
    this.crypto = new HandshakeCrypto(crypto.x25519(), crypto.aead(), new SecureRandom());
    this.local = new LocalIdentity(local, crypto.x25519());
    this.server = server;
  }

  /** A response, and the session that it opens once the server has used it. */
  static final class Answer {
    private final byte[] message;
    private final SessionKeys keys;

    private Answer(byte[] message, SessionKeys keys) {
      this.message = message;
      this.keys = keys;
    }

    /** The 92 bytes with both macs: the array itself, not a copy. */
    byte[] message() {
      return message;
    }

    SessionKeys keys() {
      return keys;
    }
  }

  /** Answers an initiation; null if it deserves no answer. */
  @Nullable Answer answer(
      InitiationMessage initiation, CookieJar cookies, int localIndex, long nowNs) {
    ResponderHandshake opened =
        ResponderHandshake.open(
            crypto, local, initiation, key -> key.equals(server.publicKey()) ? server : null);
    if (opened == null) {
      return null;
    }
    byte[] timestamp = opened.timestamp();
    if (Tai64n.compare(timestamp, greatestTimestamp) <= 0) {
      opened.wipe();
      return null;
    }
    greatestTimestamp = timestamp;
    ResponderHandshake.Answer answer = opened.respond(crypto, PresharedKey.none(), localIndex);
    if (answer == null) {
      return null;
    }
    cookies.stamp(answer.message(), nowNs);
    TransportKeys keys = answer.keys();
    return new Answer(
        answer.message(),
        new SessionKeys(keys.sendKey(), keys.receiveKey(), keys.localIndex(), keys.remoteIndex()));
  }
}
