package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Forged packets, and packets made to catch an implementation of Poly1305 at its borders. */
@ParameterizedClass
@MethodSource("io.wgnetty.cipher.CryptoProviders#aeads")
class AeadAttackTest {
  private static final byte[] NO_AAD = new byte[0];
  private static final long COUNTER = 0x0123_4567_89ab_cdefL;
  private static final byte[] KEY =
      HexFormat.of().parseHex("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");

  private final Aead aead;
  private final NativePackets packets = new NativePackets();
  private final long keyAddress = packets.key(KEY);

  AeadAttackTest(String provider) {
    aead = CryptoProviders.aead(provider);
  }

  @AfterEach
  void close() {
    packets.assertGuardsUntouched();
    packets.close();
    aead.close();
  }

  @Test
  void shouldRefuseWhatIsShorterThanATag() {
    byte[] sealed = seal(new byte[0]);
    for (int length = 0; length < Aead.TAG_BYTES; length++) {
      assertRefused(Arrays.copyOf(sealed, length), COUNTER);
    }
    assertGenuine(sealed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16, 63, 300})
  void shouldRefuseAPacketThatLostItsEnd(int plaintextBytes) {
    byte[] sealed = seal(counting(plaintextBytes));
    for (int length = 0; length < sealed.length; length++) {
      assertRefused(Arrays.copyOf(sealed, length), COUNTER);
    }
  }

  @Test
  void shouldRefuseAPacketThatGrew() {
    byte[] sealed = seal(counting(64));
    for (int more = 1; more <= 33; more++) {
      assertRefused(Arrays.copyOf(sealed, sealed.length + more), COUNTER);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 15, 64, 1424})
  void shouldRefuseEveryChangedBitOfTheTag(int plaintextBytes) {
    byte[] sealed = seal(counting(plaintextBytes));
    for (int bit = 0; bit < 8 * Aead.TAG_BYTES; bit++) {
      assertRefused(withFlippedBit(sealed, 8 * plaintextBytes + bit), COUNTER);
    }
    assertGenuine(sealed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 17, 130})
  void shouldRefuseEveryChangedBitOfTheCiphertext(int plaintextBytes) {
    byte[] sealed = seal(counting(plaintextBytes));
    for (int bit = 0; bit < 8 * plaintextBytes; bit++) {
      assertRefused(withFlippedBit(sealed, bit), COUNTER);
    }
    assertGenuine(sealed);
  }

  @Test
  void shouldRefuseEveryChangedByteOfALargePacket() {
    byte[] sealed = seal(counting(1424));
    for (int i = 0; i < sealed.length; i++) {
      assertRefused(withFlippedBit(sealed, 8 * i + i % 8), COUNTER);
    }
  }

  @Test
  void shouldRefuseAnotherCounter() {
    byte[] sealed = seal(counting(40));
    for (int bit = 0; bit < 64; bit++) {
      assertRefused(sealed, COUNTER ^ (1L << bit));
    }
  }

  @Test
  void shouldRefuseAnotherKey() {
    byte[] sealed = seal(counting(40));
    for (int bit = 0; bit < 256; bit += 5) {
      byte[] key = withFlippedBit(KEY, bit);
      assertThat(aead.open(key, COUNTER, NO_AAD, sealed, 0, sealed.length, new byte[40], 0))
          .isFalse();
    }
  }

  @Test
  void shouldRefuseChangedAdditionalData() {
    byte[] aad = counting(32);
    byte[] out = new byte[16 + Aead.TAG_BYTES];
    aead.seal(KEY, COUNTER, aad, counting(16), out, 0);
    for (int bit = 0; bit < 256; bit++) {
      assertThat(
              aead.open(
                  KEY, COUNTER, withFlippedBit(aad, bit), out, 0, out.length, new byte[16], 0))
          .isFalse();
    }
    // Padding must not make a shorter one equal to one that ends in zeros.
    assertThat(aead.open(KEY, COUNTER, Arrays.copyOf(aad, 33), out, 0, out.length, new byte[16], 0))
        .isFalse();
    assertThat(aead.open(KEY, COUNTER, aad, out, 0, out.length, new byte[16], 0)).isTrue();
  }

  /** Zeros appended to the ciphertext fill the same block: only the length block tells. */
  @Test
  void shouldRefusePaddingMovedIntoTheCiphertext() {
    byte[] sealed = seal(counting(20));
    byte[] moved = new byte[32 + Aead.TAG_BYTES];
    System.arraycopy(sealed, 0, moved, 0, 20);
    System.arraycopy(sealed, 20, moved, 32, Aead.TAG_BYTES);
    assertRefused(moved, COUNTER);
  }

  @ParameterizedTest
  @MethodSource("blockCounts")
  void shouldReduceAnAccumulatorAtTheBordersOfItsLimbs(int blocks) {
    byte[] macKey = AeadOracle.macKey(KEY, AeadOracle.nonce(COUNTER));
    Random random = new Random(blocks);
    for (BigInteger target : targets()) {
      assertOracleAgrees(macKey, withSum(macKey, target, blocks, random));
      assertOracleAgrees(macKey, withResult(macKey, target, blocks, random));
    }
  }

  /** All-ones and all-zero blocks give the largest and the smallest sums. */
  @Test
  void shouldCarryThroughUniformCiphertexts() {
    byte[] macKey = AeadOracle.macKey(KEY, AeadOracle.nonce(COUNTER));
    for (int length = 0; length <= 1040; length += length < 300 ? 1 : 16) {
      for (int value : new int[] {0x00, 0xff}) {
        byte[] ciphertext = new byte[length];
        Arrays.fill(ciphertext, (byte) value);
        assertOracleAgrees(macKey, ciphertext);
      }
    }
  }

  static IntStream blockCounts() {
    // Wide implementations take 2, 4, 8 or 16 blocks at a time, and one by one what is left.
    return IntStream.of(2, 3, 4, 5, 8, 9, 16, 17, 31, 32, 33, 64);
  }

  /** Numbers modulo p at which a carry, a borrow or the last reduction is easily got wrong. */
  private static List<BigInteger> targets() {
    List<BigInteger> targets = new ArrayList<>();
    for (int i = -6; i <= 6; i++) {
      BigInteger offset = BigInteger.valueOf(i);
      targets.add(AeadOracle.P.add(offset).mod(AeadOracle.P)); // p-1, p, p+1
      targets.add(BigInteger.TWO.pow(128).add(offset));
      targets.add(BigInteger.TWO.pow(129).add(offset));
      targets.add(BigInteger.TWO.pow(64).add(offset));
    }
    for (int limbBits : new int[] {26, 32, 44, 52, 64}) {
      BigInteger ones = BigInteger.TWO.pow(limbBits).subtract(BigInteger.ONE);
      for (int shift = 0; shift + limbBits <= 130; shift += limbBits) {
        BigInteger limb = ones.shiftLeft(shift);
        targets.add(limb);
        targets.add(AeadOracle.P.subtract(limb));
      }
    }
    return targets;
  }

  /** A ciphertext whose last block added to the accumulator gives the target. */
  private static byte[] withSum(byte[] macKey, BigInteger target, int blocks, Random random) {
    return withLastBlock(macKey, blocks, random, target);
  }

  /** A ciphertext for which the accumulator at the very end is the target. */
  private static byte[] withResult(byte[] macKey, BigInteger target, int blocks, Random random) {
    BigInteger inverse = AeadOracle.multiplier(macKey).modInverse(AeadOracle.P);
    byte[] lengths =
        Arrays.copyOfRange(
            AeadOracle.macInput(new byte[16 * blocks]), 16 * blocks, 16 * blocks + 16);
    BigInteger lengthBlock = AeadOracle.little(lengths).setBit(128);
    // target = ((accumulator + last) * r + lengthBlock) * r, so undo from the right.
    BigInteger sum = target.multiply(inverse).subtract(lengthBlock).multiply(inverse);
    return withLastBlock(macKey, blocks, random, sum.mod(AeadOracle.P));
  }

  /** Tries first blocks until the last one that is needed for the sum is one that exists. */
  private static byte[] withLastBlock(byte[] macKey, int blocks, Random random, BigInteger sum) {
    BigInteger r = AeadOracle.multiplier(macKey);
    while (true) {
      byte[] ciphertext = new byte[16 * blocks];
      random.nextBytes(ciphertext);
      BigInteger before = AeadOracle.accumulator(r, ciphertext, blocks - 1);
      BigInteger last = sum.subtract(before).mod(AeadOracle.P);
      if (last.bitLength() == 129) { // a full block has bit 128, and none above
        System.arraycopy(AeadOracle.littleBytes(last, 16), 0, ciphertext, 16 * (blocks - 1), 16);
        return ciphertext;
      }
    }
  }

  private void assertOracleAgrees(byte[] macKey, byte[] ciphertext) {
    byte[] tag = AeadOracle.poly1305(macKey, AeadOracle.macInput(ciphertext));
    byte[] sealed = Arrays.copyOf(ciphertext, ciphertext.length + Aead.TAG_BYTES);
    System.arraycopy(tag, 0, sealed, ciphertext.length, Aead.TAG_BYTES);
    byte[] plaintext = assertGenuine(sealed);

    byte[] stream =
        AeadOracle.keystream(KEY, AeadOracle.nonce(COUNTER), 1, Math.max(1, ciphertext.length));
    for (int i = 0; i < ciphertext.length; i++) {
      assertThat((byte) (plaintext[i] ^ stream[i])).isEqualTo(ciphertext[i]);
    }
    assertThat(seal(plaintext)).isEqualTo(sealed);
  }

  private byte[] seal(byte[] plaintext) {
    long place = packets.place(plaintext, Aead.TAG_BYTES);
    AeadRun run = new AeadRun(1);
    run.add(place, place, plaintext.length, COUNTER);
    aead.seal(keyAddress, run);
    byte[] sealed = packets.read(place, plaintext.length + Aead.TAG_BYTES);
    byte[] other = new byte[sealed.length];
    aead.seal(KEY, COUNTER, NO_AAD, plaintext, other, 0);
    assertThat(other).isEqualTo(sealed);
    return sealed;
  }

  private byte[] assertGenuine(byte[] sealed) {
    long place = packets.place(sealed, 0);
    AeadRun run = new AeadRun(1);
    run.add(place, place, sealed.length, COUNTER);
    assertThat(aead.open(keyAddress, run)).isEqualTo(1);
    byte[] plaintext = packets.read(place, sealed.length - Aead.TAG_BYTES);
    byte[] other = new byte[plaintext.length];
    assertThat(aead.open(KEY, COUNTER, NO_AAD, sealed, 0, sealed.length, other, 0)).isTrue();
    assertThat(other).isEqualTo(plaintext);
    return plaintext;
  }

  private void assertRefused(byte[] sealed, long counter) {
    long place = packets.place(sealed, 0);
    AeadRun run = new AeadRun(1);
    run.add(place, place, sealed.length, counter);
    run.setVerified(0, true);
    assertThat(aead.open(keyAddress, run)).isZero();
    assertThat(run.verified(0)).isFalse();
    assertThat(
            aead.open(KEY, counter, NO_AAD, sealed, 0, sealed.length, new byte[sealed.length], 0))
        .isFalse();
  }

  private static byte[] withFlippedBit(byte[] bytes, int bit) {
    byte[] changed = bytes.clone();
    changed[bit / 8] ^= (byte) (1 << (bit % 8));
    return changed;
  }

  private static byte[] counting(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
