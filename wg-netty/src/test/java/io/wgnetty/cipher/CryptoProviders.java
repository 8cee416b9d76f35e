package io.wgnetty.cipher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The providers that a test runs on. One whose library this machine lacks is skipped with its
 * reason, unless {@code WGNETTY_REQUIRE_ALL_PROVIDERS=1}, as a system property or in the
 * environment, makes that a failure. What was never made for this processor may be missing.
 */
final class CryptoProviders {
  private static final String REQUIRE_ALL = "WGNETTY_REQUIRE_ALL_PROVIDERS";

  private CryptoProviders() {}

  static Stream<String> aeads() {
    return AeadProviders.all().stream().map(AeadProvider::name);
  }

  static Stream<String> x25519s() {
    return X25519Providers.names().stream();
  }

  static Aead aead(String name) {
    for (AeadProvider provider : AeadProviders.all()) {
      if (provider.name().equals(name)) {
        require(name, provider.whyUnavailable());
      }
    }
    return AeadProviders.named(name).create();
  }

  static X25519 x25519(String name) {
    require(name, X25519Providers.whyUnavailable(name));
    return X25519Providers.named(name);
  }

  private static void require(String name, String whyUnavailable) {
    boolean forThisProcessor =
        !name.equals(IpsecMb.NAME) || System.getProperty("os.arch").equals("amd64");
    if (allRequired() && forThisProcessor) {
      assertThat(whyUnavailable).as("provider %s", name).isEmpty();
    }
    assumeTrue(whyUnavailable.isEmpty(), () -> "provider " + name + " skipped: " + whyUnavailable);
  }

  static boolean allRequired() {
    return "1".equals(setting());
  }

  private static @Nullable String setting() {
    String property = System.getProperty(REQUIRE_ALL);
    return property == null ? System.getenv(REQUIRE_ALL) : property;
  }
}
