package io.wgnetty.cipher;

import static io.wgnetty.crypto.CryptoVectors.bytes;
import static io.wgnetty.crypto.CryptoVectors.counter;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.crypto.CryptoVectors;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Known answers, both forms of the interface, and the life of an instance. */
@ParameterizedClass
@MethodSource("io.wgnetty.cipher.CryptoProviders#aeads")
class AeadTest {
  private static final byte[] NO_AAD = new byte[0];
  private static final byte[] KEY =
      HexFormat.of().parseHex("e714631717157a0c95881aff094d88c2fd440ea3ac6e04ccb4cda5a51f8c03c5");

  private final Aead aead;
  private final NativePackets packets = new NativePackets();

  AeadTest(String provider) {
    aead = CryptoProviders.aead(provider);
  }

  @AfterEach
  void close() {
    packets.assertGuardsUntouched();
    packets.close();
    aead.close();
  }

  static Stream<JsonObject> vectors() {
    CryptoVectors vectors = CryptoVectors.load("chacha20poly1305.json");
    return Stream.of("wireguard_style", "big_counter").map(vectors::objects).flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldSealTheVector(JsonObject vector) {
    byte[] expected = bytes(vector, "out");
    byte[] out = new byte[expected.length + 2];
    aead.seal(
        bytes(vector, "key"),
        counter(vector),
        bytes(vector, "aad"),
        bytes(vector, "plaintext"),
        out,
        1);
    assertThat(Arrays.copyOfRange(out, 1, expected.length + 1)).isEqualTo(expected);
    assertThat(new byte[] {out[0], out[out.length - 1]}).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldOpenTheVector(JsonObject vector) {
    byte[] plaintext = bytes(vector, "plaintext");
    byte[] sealed = bytes(vector, "out");
    byte[] in = new byte[sealed.length + 2];
    System.arraycopy(sealed, 0, in, 1, sealed.length);
    byte[] out = new byte[plaintext.length + 2];
    assertThat(
            aead.open(
                bytes(vector, "key"),
                counter(vector),
                bytes(vector, "aad"),
                in,
                1,
                sealed.length,
                out,
                1))
        .isTrue();
    assertThat(Arrays.copyOfRange(out, 1, plaintext.length + 1)).isEqualTo(plaintext);
    assertThat(new byte[] {out[0], out[out.length - 1]}).containsOnly(0);
  }

  /** The packets' form takes no additional data: then the tag is another, from the oracle. */
  @ParameterizedTest
  @MethodSource("vectors")
  void shouldSealAndOpenTheVectorByAddress(JsonObject vector) {
    byte[] key = bytes(vector, "key");
    byte[] plaintext = bytes(vector, "plaintext");
    byte[] sealed = AeadOracle.seal(key, counter(vector), NO_AAD, plaintext);
    assertThat(Arrays.copyOf(sealed, plaintext.length))
        .isEqualTo(Arrays.copyOf(bytes(vector, "out"), plaintext.length));
    if (bytes(vector, "aad").length == 0) {
      assertThat(sealed).isEqualTo(bytes(vector, "out"));
    }
    assertRoundTrip(key, counter(vector), plaintext, sealed);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 0xffff_ffffL, 0x1_0000_0000L, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1})
  void shouldTakeEveryCounterAsUnsigned64Bits(long counter) {
    byte[] plaintext = new byte[100];
    Arrays.fill(plaintext, (byte) 0x5a);
    byte[] sealed = AeadOracle.seal(KEY, counter, NO_AAD, plaintext);
    assertRoundTrip(KEY, counter, plaintext, sealed);

    byte[] out = new byte[sealed.length];
    aead.seal(KEY, counter, NO_AAD, plaintext, out, 0);
    assertThat(out).isEqualTo(sealed);
  }

  @Test
  void shouldSealAnEmptyPlaintextToATagAlone() {
    byte[] sealed = AeadOracle.seal(KEY, 9, NO_AAD, new byte[0]);
    assertThat(sealed).hasSize(Aead.TAG_BYTES);
    assertRoundTrip(KEY, 9, new byte[0], sealed);
  }

  @Test
  void shouldHandleTheLargestPacketThatAnInterfaceCarries() {
    byte[] plaintext = new byte[65_535];
    Arrays.fill(plaintext, (byte) 3);
    assertRoundTrip(KEY, 1, plaintext, AeadOracle.seal(KEY, 1, NO_AAD, plaintext));
  }

  @Test
  void shouldSealAndOpenTheSameKeyAndCounterAgain() {
    byte[] plaintext = {1, 2, 3};
    byte[] sealed = AeadOracle.seal(KEY, 5, NO_AAD, plaintext);
    for (int i = 0; i < 3; i++) {
      assertRoundTrip(KEY, 5, plaintext, sealed);
    }
  }

  @Test
  void shouldLeaveTheOutputAsItWasWhenASmallMessageIsForged() {
    byte[] sealed = AeadOracle.seal(KEY, 5, NO_AAD, new byte[40]);
    sealed[3] ^= 4;
    byte[] out = new byte[40];
    Arrays.fill(out, (byte) 0x77);
    assertThat(aead.open(KEY, 5, NO_AAD, sealed, 0, sealed.length, out, 0)).isFalse();
    assertThat(out).containsOnly(0x77);
  }

  @Test
  void shouldNotChangeItsInputs() {
    byte[] key = KEY.clone();
    byte[] aad = {1, 2};
    byte[] plaintext = {3, 4, 5};
    byte[] out = new byte[19];
    aead.seal(key, 5, aad, plaintext, out, 0);
    byte[] sealed = out.clone();
    assertThat(aead.open(key, 5, aad, out, 0, 19, new byte[3], 0)).isTrue();
    assertThat(key).isEqualTo(KEY);
    assertThat(aad).containsExactly(1, 2);
    assertThat(plaintext).containsExactly(3, 4, 5);
    assertThat(out).isEqualTo(sealed);
  }

  @Test
  void shouldRefuseBoundsOutsideTheArrays() {
    byte[] big = new byte[64];
    assertThatThrownBy(() -> aead.seal(KEY, 0, NO_AAD, new byte[10], new byte[26], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> aead.seal(new byte[31], 0, NO_AAD, new byte[10], big, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> aead.open(KEY, 0, NO_AAD, new byte[26], 1, 26, big, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> aead.open(KEY, 0, NO_AAD, big, 0, 64, new byte[48], 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shouldBeClosedOnceForAll() {
    aead.close();
    aead.close();
    assertThat(aead.name()).isNotEmpty();
  }

  private void assertRoundTrip(byte[] key, long counter, byte[] plaintext, byte[] sealed) {
    long keyAddress = packets.key(key);
    long inPlace = packets.place(plaintext, Aead.TAG_BYTES);
    long source = packets.place(plaintext, 0);
    long destination = packets.place(sealed.length);
    AeadRun run = new AeadRun(2);
    run.add(inPlace, inPlace, plaintext.length, counter);
    run.add(source, destination, plaintext.length, counter);
    aead.seal(keyAddress, run);
    assertThat(packets.read(inPlace, sealed.length)).isEqualTo(sealed);
    assertThat(packets.read(destination, sealed.length)).isEqualTo(sealed);
    assertThat(packets.read(source, plaintext.length)).isEqualTo(plaintext);

    long opened = packets.place(plaintext.length);
    run.clear();
    run.add(inPlace, inPlace, sealed.length, counter);
    run.add(destination, opened, sealed.length, counter);
    assertThat(aead.open(keyAddress, run)).isEqualTo(2);
    assertThat(run.verified(0)).isTrue();
    assertThat(run.verified(1)).isTrue();
    assertThat(packets.read(inPlace, plaintext.length)).isEqualTo(plaintext);
    assertThat(packets.read(opened, plaintext.length)).isEqualTo(plaintext);
    assertThat(packets.read(destination, sealed.length)).isEqualTo(sealed);
  }
}
