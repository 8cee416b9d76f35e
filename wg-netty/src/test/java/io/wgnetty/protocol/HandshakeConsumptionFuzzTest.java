package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import java.util.Arrays;
import java.util.Random;

/**
 * Messages of somebody who knows our public key: whatever he sends has a valid mac1.
 *
 * <p>Authentication stops a fuzzer at the first tag, so most inputs are differences to a genuine
 * message: then it is known which of them must be accepted.
 */
final class HandshakeConsumptionFuzzTest {
  private static final byte[] TIMESTAMP = Tai64n.whitened(0);
  private static final Endpoint SOURCE = Endpoint.of(new byte[] {10, 0, 0, 1}, 1234, 0);

  private final Random random = new Random(1); // an input must always mean the same
  private final Primitives primitives = Primitives.fastest();
  private final HandshakeCrypto crypto = primitives.crypto(random);
  private final Pair pair = Pair.random(random, primitives.x25519());

  /** An initiation of which the input is every byte but type and mac1. */
  @FuzzTest(maxDuration = "1m")
  void anyInitiation(byte[] input) {
    byte[] message = Arrays.copyOf(input, Messages.INITIATION_BYTES);
    Messages.putWord(message, Messages.TYPE_OFFSET, Messages.INITIATION);
    assertThat(receiveInitiation(message)).isFalse();
  }

  /** The genuine initiation, exclusive-or the input. */
  @FuzzTest(maxDuration = "1m")
  void changedInitiation(byte[] input) {
    byte[] message = pair.initiate(crypto, TIMESTAMP).message();
    boolean covered = change(message, input, Messages.SENDER_OFFSET, 8);
    assertThat(receiveInitiation(message)).isEqualTo(!covered);
  }

  /** An initiation with true tags around an ephemeral key, static key and time of any value. */
  @FuzzTest(maxDuration = "1m")
  void sealedInitiation(byte[] input) {
    byte[] fields = Arrays.copyOf(input, 32 + 32 + Tai64n.BYTES);
    byte[] message = new byte[Messages.INITIATION_BYTES];
    Messages.putWord(message, Messages.TYPE_OFFSET, Messages.INITIATION);
    System.arraycopy(fields, 0, message, Messages.INITIATION_EPHEMERAL_OFFSET, 32);
    SymmetricState state = SymmetricState.start(crypto, pair.responder.publicKey().toBytes());
    state.mixEphemeral(crypto, Arrays.copyOf(fields, 32));
    byte[] es = new byte[32];
    // The sender of a low-order key knows this secret: zero, which must not help him.
    boolean usable =
        pair.responder.privateKey().agree(crypto.x25519(), Arrays.copyOf(fields, 32), es);
    state.mixKey(crypto, es);
    byte[] remoteStatic = Arrays.copyOfRange(fields, 32, 64);
    state.seal(crypto, remoteStatic, message, Messages.INITIATION_STATIC_OFFSET);
    byte[] ss = new byte[32];
    usable &= pair.responder.privateKey().agree(crypto.x25519(), remoteStatic, ss);
    state.mixKey(crypto, ss);
    byte[] timestamp = Arrays.copyOfRange(fields, 64, fields.length);
    state.seal(crypto, timestamp, message, Messages.INITIATION_TIMESTAMP_OFFSET);

    RemoteIdentity peer = new RemoteIdentity(PublicKey.of(remoteStatic));
    ResponderHandshake handshake =
        ResponderHandshake.open(
            crypto,
            pair.responder,
            new InitiationMessage(message),
            key -> key.equals(peer.publicKey()) ? peer : null);
    assertThat(handshake != null).isEqualTo(usable);
    if (handshake != null) {
      assertThat(handshake.timestamp()).isEqualTo(timestamp);
      assertThat(handshake.respond(crypto, pair.psk, 1)).isNotNull();
    }
  }

  /** The genuine response, exclusive-or the input. */
  @FuzzTest(maxDuration = "1m")
  void changedResponse(byte[] input) {
    InitiatorHandshake initiated = pair.initiate(crypto, TIMESTAMP);
    byte[] genuine = pair.answer(crypto, pair.opened(crypto, initiated.message())).message();
    byte[] message = genuine.clone();
    boolean covered = change(message, input, Messages.SENDER_OFFSET, 8);
    Pair.refreshMac1(message, pair.initiator);
    CookieChecker checker = new CookieChecker(pair.initiator, crypto.aead(), random);
    assertThat(checker.checkMac1(message)).isTrue();
    assertThat(pair.consume(crypto, initiated, message) != null).isEqualTo(!covered);
    assertThat(pair.consume(crypto, initiated, genuine) != null).isEqualTo(covered);
  }

  /** The genuine cookie reply, exclusive-or the input. */
  @FuzzTest(maxDuration = "1m")
  void changedCookieReply(byte[] input) {
    CookieChecker checker = new CookieChecker(pair.responder, crypto.aead(), random);
    CookieJar jar = new CookieJar(pair.responderAsPeer);
    byte[] sent = new byte[Messages.INITIATION_BYTES];
    jar.stamp(sent, 0);
    byte[] reply = checker.reply(sent, SOURCE, 0);
    // The index finds the peer; the jar does not read it.
    boolean covered = change(reply, input, Messages.COOKIE_REPLY_RECEIVER_OFFSET, 8);
    boolean accepted =
        HandshakeMessage.parse(reply) instanceof CookieReplyMessage message
            && jar.consume(message, crypto.aead(), 0);
    assertThat(accepted).isEqualTo(!covered);
    jar.stamp(sent, 0);
    assertThat(checker.checkMac2(sent, SOURCE, 0)).isEqualTo(accepted);
  }

  private boolean receiveInitiation(byte[] message) {
    Pair.refreshMac1(message, pair.responder);
    CookieChecker checker = new CookieChecker(pair.responder, crypto.aead(), random);
    assertThat(checker.checkMac1(message)).isTrue();
    ResponderHandshake handshake = pair.open(crypto, message);
    if (handshake != null) {
      assertThat(handshake.remote()).isSameAs(pair.initiatorAsPeer);
      assertThat(handshake.timestamp()).isEqualTo(TIMESTAMP);
      assertThat(handshake.respond(crypto, pair.psk, 1)).isNotNull();
    }
    return handshake != null;
  }

  /**
   * Applies a difference to a message.
   *
   * @return whether it changes a byte that the message's authenticity covers: neither one of the
   *     range, which is its index, nor one of the macs
   */
  private static boolean change(byte[] message, byte[] difference, int indexFrom, int indexTo) {
    boolean isCookieReply = message.length == Messages.COOKIE_REPLY_BYTES;
    int macsFrom = isCookieReply ? message.length : message.length - Messages.MACS_BYTES;
    boolean covered = false;
    for (int i = 0; i < Math.min(message.length, difference.length); i++) {
      message[i] ^= difference[i];
      boolean isIndex = i >= indexFrom && i < indexTo;
      covered |= difference[i] != 0 && !isIndex && i < macsFrom;
    }
    return covered;
  }
}
