package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContactRehearsalTest {
  private static final int CONTACTS = 20;
  private final UnpooledByteBufAllocator memory = new UnpooledByteBufAllocator(true, true);

  private boolean rehearse(X25519 x25519, AeadProvider aeads) {
    return ContactRehearsal.run(x25519, aeads, new SplittableRandom(1), memory, CONTACTS);
  }

  @Test
  void shouldReachEachOtherInBothDirectionsWithEveryCipher() {
    assertThat(AeadProviders.available())
        .isNotEmpty()
        .allMatch(aeads -> rehearse(X25519Providers.fastest(), aeads));
  }

  @Test
  void shouldLeaveNoMemoryBehind() {
    rehearse(X25519Providers.fastest(), AeadProviders.fastest());
    assertThat(memory.metric().usedDirectMemory()).isZero();
    assertThat(memory.metric().usedHeapMemory()).isZero();
  }

  @Test
  void shouldNoticeThatNothingArrives() {
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
    assertThat(rehearse(wrong, AeadProviders.fastest())).isFalse();
  }
}
