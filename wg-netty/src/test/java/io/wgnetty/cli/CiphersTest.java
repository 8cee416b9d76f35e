package io.wgnetty.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.crypto.AeadProvider;
import org.junit.jupiter.api.Test;

class CiphersTest {
  @Test
  void shouldPrintALineForEachCipherAndWhatIsChosen() {
    CommandLineRun run = CommandLineRun.of("", "ciphers");
    assertThat(run.exitCode()).isZero();
    for (AeadProvider provider : AeadProviders.available()) {
      assertThat(run.out())
          .containsPattern("(?m)^" + provider.name() + " ( +[1-9]\\d* / [1-9]\\d*){6}$");
    }
    assertThat(run.out()).containsPattern("(?m)^chosen: [a-z-]+, [1-9]\\d* ns for 1424 bytes");
    for (AeadProvider provider : AeadProviders.all()) {
      if (!provider.isAvailable()) {
        assertThat(run.out()).contains("not used: " + provider.name() + ": ");
      }
    }
  }
}
