package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** The AEAD providers known, in the order in which they are tried until they are measured. */
public final class AeadProviders {
  private static final AeadProvider JDK =
      new TestedAeadProvider(JdkAead.NAME, () -> "", JdkAead::new);

  // BoringSSL first: it is good at everything on every processor, and X25519 has loaded it anyway.
  private static final List<AeadProvider> LIBRARIES =
      List.of(
          new TestedAeadProvider(
              BoringSsl.NAME, BoringSsl::whyMissing, BoringSslAead::new, BoringSsl::mark),
          new TestedAeadProvider(
              OpenSsl.NAME, OpenSsl::whyMissing, OpenSslAead::new, OpenSsl::mark),
          new TestedAeadProvider(
              IpsecMb.NAME, IpsecMb::whyMissing, IpsecMbAead::new, IpsecMb::mark));

  private static final List<AeadProvider> ALL =
      Stream.concat(LIBRARIES.stream(), Stream.of(JDK)).toList();

  /** By what each is confined to; one for the process, since measuring takes its time. */
  private static final Map<String, AeadChooser> CHOOSERS = new ConcurrentHashMap<>();

  private AeadProviders() {}

  public static List<AeadProvider> all() {
    return ALL;
  }

  public static List<AeadProvider> available() {
    return ALL.stream().filter(AeadProvider::isAvailable).toList();
  }

  /**
   * The one that is the fastest on this machine, once it was told to measure. Until then the first
   * that is available; does not load the others' libraries.
   */
  public static AeadChooser fastest() {
    return CHOOSERS.computeIfAbsent("", any -> new AeadChooser(LIBRARIES, JDK, first()));
  }

  private static AeadProvider first() {
    return ALL.stream()
        .filter(AeadProvider::isAvailable)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no cipher is available: " + problems()));
  }

  /**
   * As {@link #fastest}, but with no other choice than the available provider of this name. It is
   * tested at every length first: nothing else could take its place later.
   *
   * @throws IllegalArgumentException if there is none, or it is wrong; the message says why
   */
  public static AeadChooser only(String name) {
    return CHOOSERS.computeIfAbsent(name, any -> only(named(name)));
  }

  static AeadChooser only(AeadProvider provider) {
    String problem;
    try (Aead aead = provider.create()) {
      problem = TestedAeadProvider.lengthProblem(provider, aead);
    } catch (RuntimeException | LinkageError e) {
      problem = "failed: " + e;
    }
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException(
          "cipher provider " + provider.name() + " must not be used: it " + problem);
    }
    return new AeadChooser(List.of(), provider, provider);
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
