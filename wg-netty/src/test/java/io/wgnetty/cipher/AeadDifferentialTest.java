package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** All providers side by side in one process, on the same random messages. */
class AeadDifferentialTest {
  private static final int MESSAGES = 5000;
  private static final int LARGEST_MESSAGE = 2000;

  /** BoringSSL and OpenSSL export the same names: calls that alternate would meet in a mix-up. */
  @Test
  void shouldAgreeWithEachOtherWhenTheirCallsAlternate() {
    long seed = new Random().nextLong();
    System.out.println("AeadDifferentialTest seed " + seed);
    Random random = new Random(seed);
    List<Aead> aeads = AeadProviders.available().stream().map(AeadProvider::create).toList();
    assertThat(aeads).isNotEmpty();
    for (int i = 0; i < MESSAGES; i++) {
      byte[] key = randomBytes(random, Aead.KEY_BYTES);
      byte[] aad = randomBytes(random, random.nextInt(50));
      byte[] plaintext = randomBytes(random, random.nextInt(LARGEST_MESSAGE));
      long counter = random.nextLong();
      byte[] expected = new byte[plaintext.length + Aead.TAG_BYTES];
      aeads.getFirst().seal(key, counter, aad, plaintext, expected, 0);
      if (i % 50 == 0) {
        assertThat(expected).isEqualTo(AeadOracle.seal(key, counter, aad, plaintext));
      }
      byte[] damaged = expected.clone();
      damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      for (Aead aead : aeads) {
        String where = aead.name() + ", seed " + seed + ", message " + i;
        byte[] sealed = new byte[expected.length];
        aead.seal(key, counter, aad, plaintext, sealed, 0);
        assertThat(sealed).as(where).isEqualTo(expected);
        byte[] opened = new byte[plaintext.length];
        assertThat(aead.open(key, counter, aad, damaged, 0, damaged.length, opened, 0))
            .as(where)
            .isFalse();
        assertThat(aead.open(key, counter, aad, sealed, 0, sealed.length, opened, 0))
            .as(where)
            .isTrue();
        assertThat(opened).as(where).isEqualTo(plaintext);
      }
    }
    aeads.forEach(Aead::close);
  }

  private static byte[] randomBytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
