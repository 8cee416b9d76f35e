package io.wgnetty.storm;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The symmetric state of a handshake, open to be copied in the middle with all that it holds: that
 * is how a client prepares its call, and how a forger seals what no honest client would.
 */
final class Noise {
  private static final byte[] NOTHING = new byte[0];
  private static final byte[] CHAIN = Blake2s.hash(ascii("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s"));
  private static final byte[] HASH =
      Blake2s.hash(CHAIN, ascii("WireGuard v1 zx2c4 Jason@zx2c4.com"));

  private final byte[] chain;
  private byte[] hash;
  private final byte[] key;

  private Noise(byte[] chain, byte[] hash, byte[] key) {
    this.chain = chain;
    this.hash = hash;
    this.key = key;
  }

  static Noise towards(byte[] serverKey) {
    return new Noise(CHAIN.clone(), Blake2s.hash(HASH, serverKey), new byte[Aead.KEY_BYTES]);
  }

  Noise copy() {
    return new Noise(chain.clone(), hash, key.clone());
  }

  void mixEphemeral(StormCrypto crypto, byte[] ephemeral) {
    crypto.kdf().derive(chain, ephemeral, chain);
    mixHash(ephemeral);
  }

  void mixChain(StormCrypto crypto, byte[] secret) {
    crypto.kdf().derive(chain, secret, chain);
  }

  void mixKey(StormCrypto crypto, byte[] secret) {
    crypto.kdf().derive(chain, secret, chain, key);
  }

  void mixPresharedKey(StormCrypto crypto, byte[] psk) {
    byte[] tau = new byte[Blake2s.HASH_BYTES];
    crypto.kdf().derive(chain, psk, chain, tau, key);
    mixHash(tau);
  }

  void seal(Aead aead, byte[] payload, byte[] out, int outOffset) {
    aead.seal(key, 0, hash, payload, out, outOffset);
    mixHash(Arrays.copyOfRange(out, outOffset, outOffset + payload.length + Aead.TAG_BYTES));
  }

  /** Whether the sealed nothing at this place is genuine. */
  boolean opensNothing(Aead aead, byte[] message, int offset) {
    return aead.open(key, 0, hash, message, offset, Aead.TAG_BYTES, NOTHING, 0);
  }

  /** The two transport keys, first the initiator's. */
  void split(StormCrypto crypto, byte[] fromInitiator, byte[] fromResponder) {
    crypto.kdf().derive(chain, NOTHING, fromInitiator, fromResponder);
  }

  private void mixHash(byte[] data) {
    hash = Blake2s.hash(hash, data);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
