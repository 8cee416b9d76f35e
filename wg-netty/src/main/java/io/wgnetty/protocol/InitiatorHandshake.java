package io.wgnetty.protocol;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that we began: the initiation, and the state that waits for its response (protocol
 * 2.2, 2.3).
 *
 * <p>One thread may wipe it while another consumes a response: the state is either whole or gone,
 * never zeros, which a forged response could be made for.
 */
public final class InitiatorHandshake {
  private static final byte[] NOTHING = new byte[0];

  private final LocalIdentity local;
  private final int localIndex;
  private final byte[] message;
  private final PrivateKey ephemeral;
  private final SymmetricState state;
  private boolean wiped;

  private InitiatorHandshake(
      LocalIdentity local,
      int localIndex,
      byte[] message,
      PrivateKey ephemeral,
      SymmetricState state) {
    this.local = local;
    this.localIndex = localIndex;
    this.message = message;
    this.ephemeral = ephemeral;
    this.state = state;
  }

  /**
   * Builds an initiation.
   *
   * @param timestamp the 12 bytes of {@link Tai64n}
   * @return null if the remote key makes a Diffie-Hellman result zero
   */
  public static @Nullable InitiatorHandshake create(
      HandshakeCrypto crypto,
      LocalIdentity local,
      RemoteIdentity remote,
      byte[] timestamp,
      int localIndex) {
    if (timestamp.length != Tai64n.BYTES) {
      throw new IllegalArgumentException("a timestamp has 12 bytes, not " + timestamp.length);
    }
    byte[] staticStatic = remote.staticStatic(crypto, local);
    if (staticStatic == null) {
      return null;
    }
    PrivateKey ephemeral = PrivateKey.generate(crypto.random());
    SymmetricState state = SymmetricState.start(crypto, remote.publicKey().toBytes());
    byte[] message =
        initiation(crypto, local, remote, ephemeral, staticStatic, state, timestamp, localIndex);
    Arrays.fill(staticStatic, (byte) 0);
    if (message == null) {
      ephemeral.wipe();
      state.wipe();
      return null;
    }
    return new InitiatorHandshake(local, localIndex, message, ephemeral, state);
  }

  // protocol 2.2 steps 2 to 7
  private static byte @Nullable [] initiation(
      HandshakeCrypto crypto,
      LocalIdentity local,
      RemoteIdentity remote,
      PrivateKey ephemeral,
      byte[] staticStatic,
      SymmetricState state,
      byte[] timestamp,
      int localIndex) {
    byte[] message = new byte[Messages.INITIATION_BYTES];
    Messages.putWord(message, Messages.TYPE_OFFSET, Messages.INITIATION);
    Messages.putWord(message, Messages.SENDER_OFFSET, localIndex);

    byte[] ephemeralPublic = ephemeral.publicKey(crypto.x25519()).toBytes();
    System.arraycopy(
        ephemeralPublic, 0, message, Messages.INITIATION_EPHEMERAL_OFFSET, ephemeralPublic.length);
    state.mixEphemeral(crypto, ephemeralPublic);

    byte[] sharedSecret = new byte[Messages.KEY_BYTES];
    if (!ephemeral.agree(crypto.x25519(), remote.publicKey().toBytes(), sharedSecret)) {
      return null;
    }
    state.mixKey(crypto, sharedSecret);
    Arrays.fill(sharedSecret, (byte) 0);
    state.seal(crypto, local.publicKey().toBytes(), message, Messages.INITIATION_STATIC_OFFSET);
    state.mixKey(crypto, staticStatic);
    state.seal(crypto, timestamp, message, Messages.INITIATION_TIMESTAMP_OFFSET);
    return message;
  }

  /** The 148 bytes, both macs zero: the array itself, for the macs to be put in. */
  public byte[] message() {
    return message;
  }

  public int localIndex() {
    return localIndex;
  }

  /**
   * Verifies a response and derives the session's keys, once: the state is then wiped.
   *
   * @return null if anything fails; the state is then as before, so that a forged response cannot
   *     end the attempt
   */
  public @Nullable TransportKeys consume(
      HandshakeCrypto crypto, ResponseMessage response, PresharedKey psk) {
    SymmetricState attempt;
    PrivateKey attemptEphemeral;
    synchronized (this) {
      if (wiped || response.receiverIndex() != localIndex) {
        return null;
      }
      attempt = state.copy();
      attemptEphemeral = ephemeral.copy();
    }
    byte[] secret = new byte[Messages.KEY_BYTES];
    try {
      if (!verify(crypto, attempt, attemptEphemeral, response, psk, secret)) {
        return null;
      }
      synchronized (this) {
        if (wiped) {
          return null; // given up, or the same response consumed by another thread
        }
        wipe();
      }
      return TransportKeys.ofInitiator(crypto, attempt, localIndex, response.senderIndex());
    } finally {
      Arrays.fill(secret, (byte) 0);
      attemptEphemeral.wipe();
      attempt.wipe();
    }
  }

  // protocol 2.3, from the initiator's side
  private boolean verify(
      HandshakeCrypto crypto,
      SymmetricState attempt,
      PrivateKey attemptEphemeral,
      ResponseMessage response,
      PresharedKey psk,
      byte[] secret) {
    byte[] remoteEphemeral = response.ephemeral();
    attempt.mixEphemeral(crypto, remoteEphemeral);
    if (!attemptEphemeral.agree(crypto.x25519(), remoteEphemeral, secret)) {
      return false;
    }
    attempt.mixChain(crypto, secret);
    if (!local.privateKey().agree(crypto.x25519(), remoteEphemeral, secret)) {
      return false;
    }
    attempt.mixChain(crypto, secret);
    if (!psk.copyTo(secret)) {
      return false;
    }
    attempt.mixPresharedKey(crypto, secret);
    return attempt.open(crypto, response.encryptedNothing(), NOTHING);
  }

  /** Overwrites every secret; no response is consumed any more. */
  public synchronized void wipe() {
    wiped = true;
    ephemeral.wipe();
    state.wipe();
  }
}
