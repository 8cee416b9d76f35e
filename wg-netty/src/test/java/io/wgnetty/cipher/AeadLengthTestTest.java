package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Aead;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The test of every length itself. */
class AeadLengthTestTest {
  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#aeads")
  void shouldFindNothingWrongWithAnyProvider(String provider) {
    try (Aead aead = CryptoProviders.aead(provider)) {
      assertThat(AeadLengthTest.run(aead)).isEmpty();
    }
  }

  @Test
  void shouldExpectWhatTheOracleComputes() {
    byte[] key = new byte[Aead.KEY_BYTES];
    Arrays.fill(key, (byte) 0xa7);
    CRC32C sealed = new CRC32C();
    CRC32C opened = new CRC32C();
    int strideBytes = AeadLengthTest.LENGTHS + Aead.TAG_BYTES;
    for (int from = 0; from < AeadLengthTest.LENGTHS; from += AeadLengthTest.RUN) {
      byte[] memory = AeadLengthTest.pattern();
      byte[] plain = memory.clone();
      for (int i = 0; i < AeadLengthTest.RUN; i++) {
        int at = i * strideBytes;
        int length = from + i;
        byte[] packet =
            AeadOracle.seal(
                key,
                AeadLengthTest.counter(length),
                new byte[0],
                Arrays.copyOfRange(memory, at, at + length));
        System.arraycopy(packet, 0, memory, at, packet.length);
        System.arraycopy(packet, length, plain, at + length, Aead.TAG_BYTES);
      }
      sealed.update(memory);
      opened.update(plain);
    }
    assertThat(new int[] {AeadLengthTest.SEALED_SUM, AeadLengthTest.OPENED_SUM})
        .containsExactly((int) sealed.getValue(), (int) opened.getValue());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 777, 1535})
  void shouldFindAWrongTagOfOneLength(int length) {
    try (Aead aead = new AeadWithFault(new JdkAead(), length, true)) {
      assertThat(AeadLengthTest.run(aead)).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 64, 1024, 1535})
  void shouldFindThatDamagedPacketsOfOneLengthAreTakenForGenuine(int length) {
    try (Aead aead = new AeadWithFault(new JdkAead(), length, false)) {
      assertThat(AeadLengthTest.run(aead))
          .isEqualTo("took a damaged packet of " + length + " bytes for genuine");
    }
  }
}
