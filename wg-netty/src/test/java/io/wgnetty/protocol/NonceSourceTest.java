package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NonceSourceTest {
  private static final long SECOND_NS = 1_000_000_000;

  private final NonceSource nonces = new NonceSource(SeededRandom.create("NonceSourceTest"));

  @Test
  void shouldGiveEachNonceOnce() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      assertThat(seen.add(next(nonces, 0))).isTrue();
    }
  }

  /** As two copies of a virtual machine would, which know the same. */
  @Test
  void shouldNotRepeatAfterASecondWhatACopySaid() {
    NonceSource original = new NonceSource(new Random(1));
    NonceSource copy = new NonceSource(new AnotherAfterwards());
    assertThat(next(copy, 0)).isEqualTo(next(original, 0));
    assertThat(next(copy, SECOND_NS - 1)).isEqualTo(next(original, SECOND_NS - 1));
    assertThat(next(copy, SECOND_NS)).isNotEqualTo(next(original, SECOND_NS));
  }

  private static String next(NonceSource source, long nowNs) {
    byte[] nonce = new byte[24];
    source.next(nonce, nowNs);
    return HexFormat.of().formatHex(nonce);
  }

  /** Draws the same once, and then something else. */
  private static final class AnotherAfterwards extends Random {
    private static final long serialVersionUID = 1;

    AnotherAfterwards() {
      super(1);
    }

    @Override
    public void nextBytes(byte[] bytes) {
      super.nextBytes(bytes);
      setSeed(2);
    }
  }
}
