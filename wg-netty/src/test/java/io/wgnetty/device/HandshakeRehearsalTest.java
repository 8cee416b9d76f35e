package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.X25519;
import io.wgnetty.protocol.HandshakeCrypto;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HandshakeRehearsalTest {
  private static boolean rehearse(X25519 x25519) {
    try (Aead aead = AeadProviders.fastest().create()) {
      return HandshakeRehearsal.run(new HandshakeCrypto(x25519, aead, new SplittableRandom(1)));
    }
  }

  @Test
  void shouldComeToTheSameKeysWithEveryKeyAgreement() {
    assertThat(X25519Providers.available()).isNotEmpty().allMatch(HandshakeRehearsalTest::rehearse);
  }

  @Test
  void shouldNoticeAKeyAgreementThatIsWrong() {
    X25519 right = X25519Providers.fastest();
    X25519 wrong =
        new X25519() {
          private byte error;

          @Override
          public String name() {
            return "wrong";
          }

          @Override
          public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
            boolean agreed = right.agree(privateKey, publicKey, sharedSecret);
            sharedSecret[0] ^= ++error; // another one each time
            return agreed;
          }

          @Override
          public void publicKey(byte[] privateKey, byte[] publicKey) {
            right.publicKey(privateKey, publicKey);
          }
        };
    assertThat(rehearse(wrong)).isFalse();
  }
}
