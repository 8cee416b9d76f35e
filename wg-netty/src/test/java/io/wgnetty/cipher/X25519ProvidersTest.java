package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.X25519;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class X25519ProvidersTest {
  /** Right but for one thing. */
  private record Faulty(boolean wrongPublicKey, boolean takesSmallOrder) implements X25519 {
    private static final X25519 SOUND = new BouncyCastleX25519();

    @Override
    public String name() {
      return "faulty";
    }

    @Override
    public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
      return SOUND.agree(privateKey, publicKey, sharedSecret) || takesSmallOrder;
    }

    @Override
    public void publicKey(byte[] privateKey, byte[] publicKey) {
      SOUND.publicKey(privateKey, publicKey);
      if (wrongPublicKey) {
        Arrays.fill(publicKey, (byte) 1);
      }
    }
  }

  @Test
  void shouldAlwaysHaveBouncyCastleAndTheJdk() {
    assertThat(X25519Providers.available().stream().map(X25519::name))
        .contains("bouncycastle", "jdk");
    assertThat(X25519Providers.fastest()).isEqualTo(X25519Providers.available().getFirst());
    assertThat(X25519Providers.named("jdk").name()).isEqualTo("jdk");
  }

  @Test
  void shouldNameTheProvidersWhenAskedForAnUnknownOne() {
    assertThatThrownBy(() -> X25519Providers.named("x448"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x448")
        .hasMessageContaining("bouncycastle");
  }

  @Test
  void shouldRefuseAProviderThatFailsItsSelfTest() {
    assertThat(candidate(new Faulty(false, false)).whyUnavailable()).isEmpty();
    assertThat(candidate(new Faulty(true, false)).whyUnavailable()).contains("public key");
    assertThat(candidate(new Faulty(false, true)).whyUnavailable()).contains("small order");
    assertThat(candidate(new Faulty(false, true)).get()).isNull();
  }

  @Test
  void shouldRefuseAProviderThatCannotBeCalled() {
    X25519Candidate candidate =
        new X25519Candidate(
            "broken",
            () -> "",
            () -> {
              throw new UnsatisfiedLinkError("no such symbol");
            });
    assertThat(candidate.whyUnavailable()).contains("no such symbol");
  }

  private static X25519Candidate candidate(X25519 x25519) {
    return new X25519Candidate("faulty", () -> "", () -> x25519);
  }
}
