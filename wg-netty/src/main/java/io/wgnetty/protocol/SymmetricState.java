package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The symmetric state of the Noise handshake: chaining key, transcript hash and current key
 * (protocol 2.2 to 2.4).
 *
 * <p>A key seals at most one payload before the next one replaces it, so the nonce is always 0.
 */
final class SymmetricState {
  static final String CONSTRUCTION = "Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s";
  static final String IDENTIFIER = "WireGuard v1 zx2c4 Jason@zx2c4.com";

  private static final byte[] NOTHING = new byte[0];
  private static final byte[] INITIAL_CHAINING_KEY = Blake2s.hash(ascii(CONSTRUCTION));
  private static final byte[] INITIAL_HASH = Blake2s.hash(INITIAL_CHAINING_KEY, ascii(IDENTIFIER));

  private final byte[] chainingKey;
  private final byte[] hash;
  private final byte[] key = new byte[Aead.KEY_BYTES];

  private SymmetricState(byte[] chainingKey, byte[] hash) {
    this.chainingKey = chainingKey;
    this.hash = hash;
  }

  /** The state in which both sides begin, bound to the responder's static key. */
  static SymmetricState start(HandshakeCrypto crypto, byte[] responderStatic) {
    return start(crypto, INITIAL_HASH.clone(), responderStatic);
  }

  /** The same pattern under another prologue than WireGuard's. */
  static SymmetricState start(HandshakeCrypto crypto, String prologue, byte[] responderStatic) {
    return start(crypto, Blake2s.hash(INITIAL_CHAINING_KEY, ascii(prologue)), responderStatic);
  }

  private static SymmetricState start(HandshakeCrypto crypto, byte[] hash, byte[] responderStatic) {
    SymmetricState state = new SymmetricState(INITIAL_CHAINING_KEY.clone(), hash);
    state.observe(crypto);
    state.mixHash(crypto, responderStatic);
    state.observe(crypto);
    return state;
  }

  /** The key of before is not copied: the next payload needs another. */
  SymmetricState copy() {
    return new SymmetricState(chainingKey.clone(), hash.clone());
  }

  /** The token e: an ephemeral public key goes into the chain and into the transcript. */
  void mixEphemeral(HandshakeCrypto crypto, byte[] ephemeral) {
    crypto.kdf().derive(chainingKey, ephemeral, chainingKey);
    mixHash(crypto, ephemeral);
    observe(crypto);
  }

  /** A Diffie-Hellman result after which nothing is sealed. */
  void mixChain(HandshakeCrypto crypto, byte[] sharedSecret) {
    crypto.kdf().derive(chainingKey, sharedSecret, chainingKey);
    observe(crypto);
  }

  /** A Diffie-Hellman result after which a payload is sealed. */
  void mixKey(HandshakeCrypto crypto, byte[] sharedSecret) {
    crypto.kdf().derive(chainingKey, sharedSecret, chainingKey, key);
    observe(crypto);
  }

  /** The token psk: goes into the chain, the transcript and the key. */
  void mixPresharedKey(HandshakeCrypto crypto, byte[] psk) {
    byte[] tau = new byte[Blake2s.HASH_BYTES];
    crypto.kdf().derive(chainingKey, psk, chainingKey, tau, key);
    observe(crypto);
    mixHash(crypto, tau);
    Arrays.fill(tau, (byte) 0);
    observe(crypto);
  }

  /** Seals a payload into {@code out} and takes the ciphertext into the transcript. */
  void seal(HandshakeCrypto crypto, byte[] payload, byte[] out, int outOffset) {
    crypto.aead().seal(key, 0, hash, payload, out, outOffset);
    mixHash(crypto, out, outOffset, payload.length + Aead.TAG_BYTES);
    observe(crypto);
  }

  /**
   * Opens a payload and takes the ciphertext into the transcript.
   *
   * @return false if it is not authentic; the state is then of no more use
   */
  boolean open(HandshakeCrypto crypto, byte[] ciphertext, byte[] payload) {
    if (!crypto.aead().open(key, 0, hash, ciphertext, 0, ciphertext.length, payload, 0)) {
      return false;
    }
    mixHash(crypto, ciphertext);
    observe(crypto);
    return true;
  }

  /** The two transport keys, first the one from initiator to responder (protocol 2.4). */
  void split(HandshakeCrypto crypto, byte[] initiatorToResponder, byte[] responderToInitiator) {
    crypto.kdf().derive(chainingKey, NOTHING, initiatorToResponder, responderToInitiator);
  }

  void wipe() {
    Arrays.fill(chainingKey, (byte) 0);
    Arrays.fill(hash, (byte) 0);
    Arrays.fill(key, (byte) 0);
  }

  private void mixHash(HandshakeCrypto crypto, byte[] data) {
    mixHash(crypto, data, 0, data.length);
  }

  private void mixHash(HandshakeCrypto crypto, byte[] data, int offset, int length) {
    crypto.blake2s().hash(hash, data, offset, length, hash);
  }

  private void observe(HandshakeCrypto crypto) {
    crypto.observer().stepped(chainingKey, hash, key);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
