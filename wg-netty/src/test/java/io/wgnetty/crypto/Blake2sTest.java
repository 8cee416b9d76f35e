package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class Blake2sTest {
  private static final JsonObject VECTORS = VectorFile.object("blake2s");

  @Test
  void shouldHashAsTheVectorsSay() {
    List<JsonObject> vectors = VectorFile.objects(VECTORS, "unkeyed_32");
    assertThat(vectors).isNotEmpty();
    for (JsonObject vector : vectors) {
      byte[] input = VectorFile.hex(vector, "input");
      assertThat(Blake2s.hash(input)).isEqualTo(VectorFile.hex(vector, "digest"));
    }
  }

  @Test
  void shouldHashPartsAsTheirConcatenation() {
    byte[] whole = sequence(200, 7);
    byte[] expected = Blake2s.hash(whole);
    for (int cut = 0; cut <= whole.length; cut++) {
      byte[] head = Arrays.copyOfRange(whole, 0, cut);
      byte[] tail = Arrays.copyOfRange(whole, cut, whole.length);
      assertThat(Blake2s.hash(head, tail, new byte[0])).isEqualTo(expected);
    }
  }

  @Test
  void shouldComputeMacsAsTheVectorsSay() {
    List<JsonObject> vectors = VectorFile.objects(VECTORS, "keyed_16_mac");
    assertThat(vectors).isNotEmpty();
    for (JsonObject vector : vectors) {
      byte[] input = VectorFile.hex(vector, "input");
      byte[] mac = new byte[Blake2s.MAC_BYTES];
      Blake2s.mac(VectorFile.hex(vector, "key"), input, 0, input.length, mac, 0);
      assertThat(mac).isEqualTo(VectorFile.hex(vector, "mac"));
    }
  }

  @Test
  void shouldWriteMacOfARangeAtAnOffset() {
    JsonObject vector = VectorFile.objects(VECTORS, "keyed_16_mac").getLast();
    byte[] input = VectorFile.hex(vector, "input");
    byte[] message = new byte[5 + input.length + Blake2s.MAC_BYTES + 3];
    System.arraycopy(input, 0, message, 5, input.length);
    int end = 5 + input.length;
    Blake2s.mac(VectorFile.hex(vector, "key"), message, 5, input.length, message, end);
    assertThat(Arrays.copyOfRange(message, end, end + Blake2s.MAC_BYTES))
        .isEqualTo(VectorFile.hex(vector, "mac"));
    assertThat(Arrays.copyOfRange(message, end + Blake2s.MAC_BYTES, message.length))
        .containsOnly(0);
  }

  @Test
  void shouldComputeTheOtherModesAsTheVectorsSay() {
    for (JsonObject vector : VectorFile.objects(VECTORS, "keyed_32")) {
      assertThat(digest(VectorFile.hex(vector, "key"), 32, VectorFile.hex(vector, "input")))
          .isEqualTo(VectorFile.hex(vector, "digest"));
    }
    for (JsonObject vector : VectorFile.objects(VECTORS, "unkeyed_16")) {
      assertThat(digest(null, 16, VectorFile.hex(vector, "input")))
          .isEqualTo(VectorFile.hex(vector, "digest"));
    }
  }

  /** RFC 7693 appendix E: a hash over the hashes of many lengths, keyed and not. */
  @Test
  void shouldPassTheSelfTestOfTheStandard() {
    int[] outLengths = {16, 20, 28, 32};
    int[] inLengths = {0, 3, 64, 65, 255, 1024};
    byte[] all = new byte[0];
    for (int outLength : outLengths) {
      for (int inLength : inLengths) {
        byte[] input = sequence(inLength, inLength);
        all = join(all, digest(null, outLength, input));
        all = join(all, digest(sequence(outLength, outLength), outLength, input));
      }
    }
    assertThat(HexFormat.of().formatHex(Blake2s.hash(all)))
        .isEqualTo(VectorFile.text(VECTORS, "rfc7693_selftest_grand_hash"));
  }

  @Test
  void shouldEqualAnotherImplementationInAllModes() {
    long seed = System.nanoTime();
    System.out.println("Blake2sTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] key = random.nextInt(4) == 0 ? null : bytes(random, random.nextInt(1, 33));
      int outLength = random.nextInt(1, 33);
      // Whole blocks and their neighbours are where it matters.
      int length = random.nextInt(5) * 64 + random.nextInt(-2, 3);
      byte[] input =
          bytes(random, random.nextBoolean() ? Math.max(0, length) : random.nextInt(300));
      assertThat(digest(key, outLength, input))
          .as("seed %d, step %d", seed, i)
          .isEqualTo(reference(key, outLength, input));
    }
  }

  @Test
  void shouldRefuseNoKeyAndTooLongAKey() {
    assertThatThrownBy(() -> digest(new byte[0], 16, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> digest(new byte[33], 16, new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] bytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] reference(byte @Nullable [] key, int outLength, byte[] input) {
    Blake2sDigest digest = new Blake2sDigest(key, outLength, null, null);
    digest.update(input, 0, input.length);
    byte[] out = new byte[outLength];
    digest.doFinal(out, 0);
    return out;
  }

  private static byte[] digest(byte @Nullable [] key, int outLength, byte[] input) {
    byte[] out = new byte[outLength];
    Blake2s.digest(key, outLength, input, 0, input.length, out, 0);
    return out;
  }

  /** The standard's deterministic sequence: Fibonacci from a seed, the top byte of each term. */
  private static byte[] sequence(int length, int seed) {
    byte[] out = new byte[length];
    int a = 0xdead4bad * seed;
    int b = 1;
    for (int i = 0; i < length; i++) {
      int t = a + b;
      a = b;
      b = t;
      out[i] = (byte) (t >>> 24);
    }
    return out;
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
