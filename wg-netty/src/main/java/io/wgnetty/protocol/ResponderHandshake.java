package io.wgnetty.protocol;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that a peer began: an initiation that was verified, and the answer to it (protocol
 * 2.2, 2.3).
 *
 * <p>Whether the timestamp is new enough is for the owner of the peer to decide before it answers.
 * Used by one thread at a time.
 */
public final class ResponderHandshake {
  private static final byte[] NOTHING = new byte[0];

  private final RemoteIdentity remote;
  private final byte[] timestamp;
  private final int remoteIndex;
  private final byte[] remoteEphemeral;
  private final SymmetricState state;
  private boolean wiped;

  private ResponderHandshake(
      RemoteIdentity remote, byte[] timestamp, InitiationMessage message, SymmetricState state) {
    this.remote = remote;
    this.timestamp = timestamp;
    this.remoteIndex = message.senderIndex();
    this.remoteEphemeral = message.ephemeral();
    this.state = state;
  }

  /**
   * Verifies an initiation. Nothing outside of the result changes.
   *
   * @param peers finds the peer of a static key; null for a stranger
   * @return null if anything fails, for no reason that is told
   */
  public static @Nullable ResponderHandshake open(
      HandshakeCrypto crypto,
      LocalIdentity local,
      InitiationMessage message,
      Function<PublicKey, @Nullable RemoteIdentity> peers) {
    SymmetricState state = SymmetricState.start(crypto, local.publicKey().toBytes());
    ResponderHandshake handshake = open(crypto, local, message, peers, state);
    if (handshake == null) {
      state.wipe();
    }
    return handshake;
  }

  private static @Nullable ResponderHandshake open(
      HandshakeCrypto crypto,
      LocalIdentity local,
      InitiationMessage message,
      Function<PublicKey, @Nullable RemoteIdentity> peers,
      SymmetricState state) {
    byte[] ephemeral = message.ephemeral();
    state.mixEphemeral(crypto, ephemeral);
    byte[] sharedSecret = new byte[Messages.KEY_BYTES];
    if (!local.privateKey().agree(crypto.x25519(), ephemeral, sharedSecret)) {
      return null;
    }
    state.mixKey(crypto, sharedSecret);
    Arrays.fill(sharedSecret, (byte) 0);

    byte[] remoteStatic = new byte[PublicKey.BYTES];
    if (!state.open(crypto, message.encryptedStatic(), remoteStatic)) {
      return null;
    }
    RemoteIdentity remote = peers.apply(PublicKey.of(remoteStatic));
    if (remote == null) {
      return null;
    }

    byte[] staticStatic = remote.staticStatic(crypto, local);
    if (staticStatic == null) {
      return null;
    }
    state.mixKey(crypto, staticStatic);
    Arrays.fill(staticStatic, (byte) 0);
    byte[] timestamp = new byte[Tai64n.BYTES];
    if (!state.open(crypto, message.encryptedTimestamp(), timestamp)) {
      return null;
    }
    return new ResponderHandshake(remote, timestamp, message, state);
  }

  public RemoteIdentity remote() {
    return remote;
  }

  /** A copy of the 12 bytes of the initiation's timestamp. */
  public byte[] timestamp() {
    return timestamp.clone();
  }

  /** The initiator's index. */
  public int remoteIndex() {
    return remoteIndex;
  }

  /**
   * Builds the response and derives the session's keys, once: the state is wiped whatever happens.
   *
   * @return null if a Diffie-Hellman result is zero or this handshake was answered or wiped before
   */
  public @Nullable Answer respond(HandshakeCrypto crypto, PresharedKey psk, int localIndex) {
    if (wiped) {
      return null;
    }
    PrivateKey ephemeral = PrivateKey.generate(crypto.random());
    ephemeral.prepare(crypto.x25519());
    byte[] secret = new byte[Messages.KEY_BYTES];
    try {
      byte[] message = response(crypto, ephemeral, psk, localIndex, secret);
      return message == null
          ? null
          : new Answer(message, TransportKeys.ofResponder(crypto, state, localIndex, remoteIndex));
    } finally {
      Arrays.fill(secret, (byte) 0);
      ephemeral.wipe();
      wipe();
    }
  }

  // protocol 2.3 steps 1 to 6
  private byte @Nullable [] response(
      HandshakeCrypto crypto,
      PrivateKey ephemeral,
      PresharedKey psk,
      int localIndex,
      byte[] secret) {
    byte[] message = new byte[Messages.RESPONSE_BYTES];
    Messages.putWord(message, Messages.TYPE_OFFSET, Messages.RESPONSE);
    Messages.putWord(message, Messages.SENDER_OFFSET, localIndex);
    Messages.putWord(message, Messages.RESPONSE_RECEIVER_OFFSET, remoteIndex);

    byte[] ephemeralPublic = ephemeral.publicKey(crypto.x25519()).toBytes();
    System.arraycopy(
        ephemeralPublic, 0, message, Messages.RESPONSE_EPHEMERAL_OFFSET, ephemeralPublic.length);
    state.mixEphemeral(crypto, ephemeralPublic);
    if (!ephemeral.agree(crypto.x25519(), remoteEphemeral, secret)) {
      return null;
    }
    state.mixChain(crypto, secret);
    if (!ephemeral.agree(crypto.x25519(), remote.publicKey().toBytes(), secret)) {
      return null;
    }
    state.mixChain(crypto, secret);
    if (!psk.copyTo(secret)) {
      return null;
    }
    state.mixPresharedKey(crypto, secret);
    state.seal(crypto, NOTHING, message, Messages.RESPONSE_NOTHING_OFFSET);
    return message;
  }

  /** Overwrites every secret; no answer can be given any more. */
  public void wipe() {
    wiped = true;
    state.wipe();
  }

  /** A response and the keys of the session that it opens. */
  public static final class Answer {
    private final byte[] message;
    private final TransportKeys keys;

    private Answer(byte[] message, TransportKeys keys) {
      this.message = message;
      this.keys = keys;
    }

    /** The 92 bytes, both macs zero: the array itself, for the macs to be put in. */
    public byte[] message() {
      return message;
    }

    public TransportKeys keys() {
      return keys;
    }
  }
}
