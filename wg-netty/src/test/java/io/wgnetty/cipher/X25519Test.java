package io.wgnetty.cipher;

import static io.wgnetty.crypto.CryptoVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.crypto.CryptoVectors;
import io.wgnetty.crypto.X25519;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Known answers, hostile points, and use by several threads. */
@ParameterizedClass
@MethodSource("io.wgnetty.cipher.CryptoProviders#x25519s")
class X25519Test {
  private static final byte[] BASE_POINT = AeadOracle.littleBytes(BigInteger.valueOf(9), 32);

  private final CryptoVectors vectors = CryptoVectors.load("x25519.json");
  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final X25519 x25519;

  X25519Test(String provider) {
    x25519 = CryptoProviders.x25519(provider);
    System.out.println("X25519Test " + provider + " seed " + seed);
  }

  @Test
  void shouldMultiplyAsRfc7748Section52() {
    assertThat(vectors.objects("rfc7748_5_2")).hasSize(2);
    for (JsonObject vector : vectors.objects("rfc7748_5_2")) {
      assertThat(agree(bytes(vector, "scalar"), bytes(vector, "u")))
          .isEqualTo(bytes(vector, "result"));
    }
  }

  @Test
  void shouldIterateAsRfc7748Section52() {
    JsonObject vector = vectors.object("iterated");
    byte[] scalar = bytes(vector, "start");
    byte[] point = scalar;
    for (int i = 1; i <= 1000; i++) {
      byte[] result = agree(scalar, point);
      point = scalar;
      scalar = result;
      if (i == 1) {
        assertThat(scalar).isEqualTo(bytes(vector, "1"));
      }
    }
    assertThat(scalar).isEqualTo(bytes(vector, "1000"));
  }

  @Test
  void shouldAgreeAsRfc7748Section61() {
    JsonObject vector = vectors.object("rfc7748_6_1");
    byte[] alice = bytes(vector, "alice_private");
    byte[] bob = bytes(vector, "bob_private");
    assertThat(publicKey(alice)).isEqualTo(bytes(vector, "alice_public"));
    assertThat(publicKey(bob)).isEqualTo(bytes(vector, "bob_public"));
    assertThat(agree(alice, publicKey(bob))).isEqualTo(bytes(vector, "shared"));
    assertThat(agree(bob, publicKey(alice))).isEqualTo(bytes(vector, "shared"));
  }

  @Test
  void shouldRefusePointsOfSmallOrderAndZeroTheResult() {
    List<JsonElement> hex = vectors.array("low_order_points_must_be_rejected").asList();
    List<JsonElement> base64 = vectors.array("low_order_points_base64").asList();
    assertThat(hex).hasSize(7);
    for (int i = 0; i < hex.size(); i++) {
      byte[] point = HexFormat.of().parseHex(hex.get(i).getAsString());
      assertThat(point).isEqualTo(Base64.getDecoder().decode(base64.get(i).getAsString()));
      assertRefused(point);
      point[31] |= (byte) 0x80; // the same point: bit 255 is ignored
      assertRefused(point);
    }
  }

  @Test
  void shouldIgnoreTheHighBitOfThePoint() {
    JsonObject vector = vectors.object("high_bit_ignored");
    assertThat(agree(bytes(vector, "scalar"), bytes(vector, "u_with_high_bit")))
        .isEqualTo(bytes(vector, "result"));
  }

  @Test
  void shouldReduceThePointOfTheNonCanonicalVector() {
    JsonObject vector = vectors.object("non_canonical");
    assertThat(agree(bytes(vector, "scalar"), bytes(vector, "u")))
        .isEqualTo(bytes(vector, "result"));
  }

  /** All 19 values from p to 2^255 - 1, each with bit 255 clear and set. */
  @Test
  void shouldTakeEveryNonCanonicalPointForItsResidue() {
    byte[] scalar = randomKey();
    for (int i = 0; i < 19; i++) {
      byte[] canonical = AeadOracle.littleBytes(BigInteger.valueOf(i), 32);
      byte[] point = AeadOracle.littleBytes(X25519Oracle.P.add(BigInteger.valueOf(i)), 32);
      for (int highBit : new int[] {0, 0x80}) {
        point[31] |= (byte) highBit;
        if (i < 2) {
          assertRefused(point);
        } else {
          assertThat(agree(scalar, point)).as("p + %d", i).isEqualTo(agree(scalar, canonical));
        }
      }
    }
  }

  /** A peer may send any 32 bytes: half of them lie on the twist, where the ladder works alike. */
  @Test
  void shouldMultiplyPointsOfTheCurveAndOfItsTwist() {
    int onTwist = 0;
    for (int i = 0; i < 200; i++) {
      byte[] scalar = randomKey();
      byte[] point = randomKey();
      onTwist += X25519Oracle.isOnTwist(point) ? 1 : 0;
      assertThat(agree(scalar, point))
          .as("seed %d, round %d", seed, i)
          .isEqualTo(X25519Oracle.multiply(scalar, point));
    }
    assertThat(onTwist).as("seed %d", seed).isBetween(50, 150);
  }

  @Test
  void shouldMultiplyAtTheBordersOfTheField() {
    byte[] scalar = randomKey();
    for (int i = 2; i < 20; i++) {
      for (BigInteger u :
          List.of(
              BigInteger.valueOf(i),
              X25519Oracle.P.subtract(BigInteger.valueOf(i)),
              BigInteger.TWO.pow(12 * i).subtract(BigInteger.ONE),
              BigInteger.TWO.pow(12 * i + 3))) {
        byte[] point = AeadOracle.littleBytes(u, 32);
        assertThat(agree(scalar, point)).isEqualTo(X25519Oracle.multiply(scalar, point));
      }
    }
  }

  @Test
  void shouldClampTheScalar() {
    byte[] scalar = randomKey();
    byte[] clamped = scalar.clone();
    clamped[0] &= (byte) 248;
    clamped[31] &= 127;
    clamped[31] |= 64;
    byte[] ones = new byte[32];
    Arrays.fill(ones, (byte) 0xff);
    byte[] point = publicKey(randomKey());
    assertThat(agree(scalar, point)).isEqualTo(agree(clamped, point));
    assertThat(publicKey(scalar)).isEqualTo(publicKey(clamped));
    assertThat(agree(ones, point)).isEqualTo(X25519Oracle.multiply(ones, point));
    assertThat(agree(new byte[32], point)).isEqualTo(X25519Oracle.multiply(new byte[32], point));
  }

  @Test
  void shouldMakePublicKeysThatTheBasePointGives() {
    for (int i = 0; i < 100; i++) {
      byte[] scalar = randomKey();
      assertThat(publicKey(scalar)).as("seed %d", seed).isEqualTo(agree(scalar, BASE_POINT));
    }
  }

  @Test
  void shouldNotChangeItsInputs() {
    byte[] scalar = randomKey();
    byte[] point = randomKey();
    byte[] scalarBefore = scalar.clone();
    byte[] pointBefore = point.clone();
    agree(scalar, point);
    publicKey(scalar);
    assertThat(scalar).isEqualTo(scalarBefore);
    assertThat(point).isEqualTo(pointBefore);
  }

  @Test
  void shouldRefuseKeysThatAreTooShort() {
    byte[] key = randomKey();
    assertThatThrownBy(() -> x25519.agree(new byte[31], key, new byte[32]))
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() -> x25519.agree(key, new byte[31], new byte[32]))
        .isInstanceOf(RuntimeException.class);
  }

  @Test
  void shouldServeSeveralThreadsAtOnce() throws Exception {
    byte[] scalar = randomKey();
    byte[] point = publicKey(randomKey());
    byte[] expected = agree(scalar, point);
    Callable<Boolean> work =
        () -> {
          for (int i = 0; i < 200; i++) {
            if (!Arrays.equals(agree(scalar, point), expected)) {
              return false;
            }
          }
          return true;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Boolean> done : threads.invokeAll(List.of(work, work, work, work))) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  private byte[] agree(byte[] scalar, byte[] point) {
    byte[] shared = new byte[32];
    assertThat(x25519.agree(scalar, point, shared)).isTrue();
    return shared;
  }

  private void assertRefused(byte[] point) {
    byte[] shared = new byte[32];
    Arrays.fill(shared, (byte) 0x55);
    assertThat(x25519.agree(randomKey(), point, shared)).isFalse();
    assertThat(shared).containsOnly(0);
  }

  private byte[] publicKey(byte[] scalar) {
    byte[] point = new byte[32];
    x25519.publicKey(scalar, point);
    return point;
  }

  private byte[] randomKey() {
    byte[] key = new byte[32];
    random.nextBytes(key);
    return key;
  }
}
