package io.wgnetty.crypto;

import java.util.List;

/** The AEAD providers known, the fastest first. */
public final class AeadProviders {
  private static final List<AeadProvider> ALL =
      List.of(
          new TestedAeadProvider(IpsecMb.NAME, IpsecMb::whyMissing, IpsecMbAead::new),
          new TestedAeadProvider(BoringSsl.NAME, BoringSsl::whyMissing, BoringSslAead::new),
          new TestedAeadProvider(OpenSsl.NAME, OpenSsl::whyMissing, OpenSslAead::new),
          new TestedAeadProvider(JdkAead.NAME, () -> "", JdkAead::new));

  private AeadProviders() {}

  public static List<AeadProvider> all() {
    return ALL;
  }

  public static List<AeadProvider> available() {
    return ALL.stream().filter(AeadProvider::isAvailable).toList();
  }

  /** The first that is available. Does not load the others' libraries. */
  public static AeadProvider fastest() {
    return ALL.stream()
        .filter(AeadProvider::isAvailable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no cipher is available: " + problems()));
  }

  /**
   * The available provider of this name.
   *
   * @throws IllegalArgumentException if there is none; the message says why
   */
  public static AeadProvider named(String name) {
    for (AeadProvider provider : ALL) {
      if (provider.name().equals(name)) {
        if (provider.isAvailable()) {
          return provider;
        }
        throw new IllegalArgumentException(
            "cipher provider " + name + " is not available: " + provider.whyUnavailable());
      }
    }
    throw new IllegalArgumentException(
        "no cipher provider is called " + name + "; there are " + names());
  }

  private static String names() {
    return String.join(", ", ALL.stream().map(AeadProvider::name).toList());
  }

  private static String problems() {
    return String.join("; ", ALL.stream().map(p -> p.name() + ": " + p.whyUnavailable()).toList());
  }
}
