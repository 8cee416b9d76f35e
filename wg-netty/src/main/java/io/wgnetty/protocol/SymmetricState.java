package io.wgnetty.protocol;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.Kdf;
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
  private final TranscriptObserver observer;

  private SymmetricState(byte[] chainingKey, byte[] hash, TranscriptObserver observer) {
    this.chainingKey = chainingKey;
    this.hash = hash;
    this.observer = observer;
  }

  /** The state in which both sides begin, bound to the responder's static key. */
  static SymmetricState start(byte[] responderStatic, TranscriptObserver observer) {
    return start(INITIAL_HASH.clone(), responderStatic, observer);
  }

  /** The same pattern under another prologue than WireGuard's. */
  static SymmetricState start(
      String prologue, byte[] responderStatic, TranscriptObserver observer) {
    return start(Blake2s.hash(INITIAL_CHAINING_KEY, ascii(prologue)), responderStatic, observer);
  }

  private static SymmetricState start(
      byte[] hash, byte[] responderStatic, TranscriptObserver observer) {
    SymmetricState state = new SymmetricState(INITIAL_CHAINING_KEY.clone(), hash, observer);
    state.observe();
    state.mixHash(responderStatic);
    state.observe();
    return state;
  }

  /** The key of before is not copied: the next payload needs another. */
  SymmetricState copy(TranscriptObserver newObserver) {
    return new SymmetricState(chainingKey.clone(), hash.clone(), newObserver);
  }

  /** The token e: an ephemeral public key goes into the chain and into the transcript. */
  void mixEphemeral(byte[] ephemeral) {
    Kdf.derive(chainingKey, ephemeral, chainingKey);
    mixHash(ephemeral);
    observe();
  }

  /** A Diffie-Hellman result after which nothing is sealed. */
  void mixChain(byte[] sharedSecret) {
    Kdf.derive(chainingKey, sharedSecret, chainingKey);
    observe();
  }

  /** A Diffie-Hellman result after which a payload is sealed. */
  void mixKey(byte[] sharedSecret) {
    Kdf.derive(chainingKey, sharedSecret, chainingKey, key);
    observe();
  }

  /** The token psk: goes into the chain, the transcript and the key. */
  void mixPresharedKey(byte[] psk) {
    byte[] tau = new byte[Blake2s.HASH_BYTES];
    Kdf.derive(chainingKey, psk, chainingKey, tau, key);
    observe();
    mixHash(tau);
    Arrays.fill(tau, (byte) 0);
    observe();
  }

  /** Seals a payload into {@code out} and takes the ciphertext into the transcript. */
  void seal(Aead aead, byte[] payload, byte[] out, int outOffset) {
    aead.seal(key, 0, hash, payload, out, outOffset);
    int end = outOffset + payload.length + Aead.TAG_BYTES;
    mixHash(Arrays.copyOfRange(out, outOffset, end));
    observe();
  }

  /**
   * Opens a payload and takes the ciphertext into the transcript.
   *
   * @return false if it is not authentic; the state is then of no more use
   */
  boolean open(Aead aead, byte[] ciphertext, byte[] payload) {
    if (!aead.open(key, 0, hash, ciphertext, 0, ciphertext.length, payload, 0)) {
      return false;
    }
    mixHash(ciphertext);
    observe();
    return true;
  }

  /** The two transport keys, first the one from initiator to responder (protocol 2.4). */
  void split(byte[] initiatorToResponder, byte[] responderToInitiator) {
    Kdf.derive(chainingKey, NOTHING, initiatorToResponder, responderToInitiator);
  }

  void wipe() {
    Arrays.fill(chainingKey, (byte) 0);
    Arrays.fill(hash, (byte) 0);
    Arrays.fill(key, (byte) 0);
  }

  private void mixHash(byte[] data) {
    byte[] next = Blake2s.hash(hash, data);
    System.arraycopy(next, 0, hash, 0, hash.length);
  }

  private void observe() {
    observer.stepped(chainingKey, hash, key);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
