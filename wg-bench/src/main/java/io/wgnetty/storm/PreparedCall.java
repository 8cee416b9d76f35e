package io.wgnetty.storm;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.crypto.X25519;
import io.wgnetty.protocol.Messages;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A client's handshake, computed beforehand up to the timestamp, so that an attempt costs a few
 * microseconds and no X25519: the generator is to be much cheaper than the server.
 *
 * <p>All attempts of a client have the same ephemeral key, which no honest client would do. To the
 * server that makes no difference: it computes the same, and keeps nothing of an attempt that
 * failed.
 */
final class PreparedCall {
  private static final byte[] NO_PRESHARED_KEY = new byte[X25519.KEY_BYTES];

  private final PrivateKey local;
  private final PrivateKey ephemeral;
  private final Noise sealedStatic;
  private final byte[] template = new byte[Messages.INITIATION_BYTES];

  PreparedCall(
      StormCrypto crypto,
      PrivateKey local,
      PublicKey localKey,
      PrivateKey ephemeral,
      PublicKey server) {
    X25519 x25519 = crypto.x25519();
    this.local = local;
    this.ephemeral = ephemeral;
    byte[] serverKey = server.toBytes();
    byte[] ephemeralKey = ephemeral.publicKey(x25519).toBytes();
    byte[] secret = new byte[X25519.KEY_BYTES];
    template[Messages.TYPE_OFFSET] = Messages.INITIATION;
    System.arraycopy(
        ephemeralKey, 0, template, Messages.INITIATION_EPHEMERAL_OFFSET, ephemeralKey.length);
    sealedStatic = Noise.towards(serverKey);
    sealedStatic.mixEphemeral(crypto, ephemeralKey);
    ephemeral.agree(x25519, serverKey, secret);
    sealedStatic.mixKey(crypto, secret);
    sealedStatic.seal(
        crypto.aead(), localKey.toBytes(), template, Messages.INITIATION_STATIC_OFFSET);
    local.agree(x25519, serverKey, secret);
    sealedStatic.mixKey(crypto, secret);
  }

  /** An initiation with both macs zero. */
  byte[] attempt(Aead aead, byte[] timestamp, int index) {
    byte[] message = template.clone();
    Words.put(message, Messages.SENDER_OFFSET, index);
    sealedStatic.copy().seal(aead, timestamp, message, Messages.INITIATION_TIMESTAMP_OFFSET);
    return message;
  }

  /** Verifies the response to the attempt with this timestamp; null if it is not genuine. */
  @Nullable SessionKeys verify(StormCrypto crypto, byte[] timestamp, byte[] response) {
    X25519 x25519 = crypto.x25519();
    Aead aead = crypto.aead();
    byte[] scratch = new byte[Tai64n.BYTES + Aead.TAG_BYTES];
    Noise state = sealedStatic.copy();
    state.seal(aead, timestamp, scratch, 0);
    byte[] remote =
        Arrays.copyOfRange(
            response, Messages.RESPONSE_EPHEMERAL_OFFSET, Messages.RESPONSE_NOTHING_OFFSET);
    byte[] secret = new byte[X25519.KEY_BYTES];
    state.mixEphemeral(crypto, remote);
    if (!ephemeral.agree(x25519, remote, secret)) {
      return null;
    }
    state.mixChain(crypto, secret);
    if (!local.agree(x25519, remote, secret)) {
      return null;
    }
    state.mixChain(crypto, secret);
    state.mixPresharedKey(crypto, NO_PRESHARED_KEY);
    if (!state.opensNothing(aead, response, Messages.RESPONSE_NOTHING_OFFSET)) {
      return null;
    }
    byte[] send = new byte[Aead.KEY_BYTES];
    byte[] receive = new byte[Aead.KEY_BYTES];
    state.split(crypto, send, receive);
    return new SessionKeys(
        send,
        receive,
        Words.get(response, Messages.RESPONSE_RECEIVER_OFFSET),
        Words.get(response, Messages.SENDER_OFFSET));
  }
}
