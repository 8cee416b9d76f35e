package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.AgreementKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys made ready for several computations, on every provider. */
class AgreementKeyTest {
  private final SplittableRandom random = new SplittableRandom(8);

  private byte[] bytes() {
    byte[] bytes = new byte[X25519.KEY_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#x25519s")
  void shouldComputeWhatTheBareKeyDoes(String name) {
    X25519 x25519 = CryptoProviders.x25519(name);
    for (int i = 0; i < 50; i++) {
      byte[] secret = bytes();
      byte[] point = bytes();
      byte[] expected = new byte[X25519.KEY_BYTES];
      byte[] actual = new byte[X25519.KEY_BYTES];
      try (AgreementKey key = x25519.prepare(secret)) {
        x25519.publicKey(secret, expected);
        key.publicKey(actual);
        assertThat(actual).isEqualTo(expected);
        assertThat(x25519.agree(secret, point, expected)).isTrue();
        assertThat(key.agree(point, actual)).isTrue();
        assertThat(actual).isEqualTo(expected);
        assertThat(key.agree(new byte[X25519.KEY_BYTES], actual))
            .as("a point of low order")
            .isFalse();
        assertThat(actual).containsOnly(0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#x25519s")
  void shouldAgreeOnNothingOnceClosed(String name) {
    X25519 x25519 = CryptoProviders.x25519(name);
    AgreementKey key = x25519.prepare(bytes());
    key.close();
    key.close();
    byte[] shared = bytes();
    assertThat(key.agree(bytes(), shared)).isFalse();
    assertThat(shared).containsOnly(0);
    assertThatThrownBy(() -> key.publicKey(shared)).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#x25519s")
  void shouldBeWipedWithItsPrivateKey(String name) {
    X25519 x25519 = CryptoProviders.x25519(name);
    PrivateKey key = PrivateKey.generate(random);
    PublicKey before = key.publicKey(x25519);
    key.prepare(x25519);
    key.prepare(x25519);
    assertThat(key.publicKey(x25519)).isEqualTo(before);
    byte[] shared = bytes();
    assertThat(key.agree(x25519, bytes(), shared)).isTrue();
    key.wipe();
    assertThat(key.agree(x25519, bytes(), shared)).isFalse();
    assertThat(shared).containsOnly(0);
    key.prepare(x25519); // a wiped key is not made ready
    assertThat(key.agree(x25519, bytes(), shared)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("io.wgnetty.cipher.CryptoProviders#x25519s")
  void shouldBearBeingClosedWhileOthersCompute(String name) throws InterruptedException {
    X25519 x25519 = CryptoProviders.x25519(name);
    byte[] point = bytes();
    for (int round = 0; round < 20; round++) {
      byte[] secret = bytes();
      byte[] expected = new byte[X25519.KEY_BYTES];
      x25519.agree(secret, point, expected);
      AgreementKey key = x25519.prepare(secret);
      AtomicInteger wrong = new AtomicInteger();
      Thread[] others = new Thread[2];
      for (int i = 0; i < others.length; i++) {
        others[i] =
            Thread.ofPlatform()
                .start(
                    () -> {
                      byte[] shared = new byte[X25519.KEY_BYTES];
                      while (key.agree(point, shared)) {
                        if (!Arrays.equals(shared, expected)) {
                          wrong.incrementAndGet();
                        }
                      }
                    });
      }
      key.close();
      for (Thread other : others) {
        other.join();
      }
      assertThat(wrong).hasValue(0);
    }
  }
}
