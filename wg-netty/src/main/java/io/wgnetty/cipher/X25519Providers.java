package io.wgnetty.cipher;

import io.wgnetty.crypto.X25519;
import java.util.List;
import java.util.Objects;

/** The X25519 implementations known, the fastest first. */
public final class X25519Providers {
  private static final List<X25519Candidate> ALL =
      List.of(
          new X25519Candidate(
              BoringSsl.NAME, BoringSsl::whyMissing, BoringSslX25519::new, BoringSsl::mark),
          new X25519Candidate(OpenSsl.NAME, OpenSsl::whyMissing, OpenSslX25519::new, OpenSsl::mark),
          new X25519Candidate(BouncyCastleX25519.NAME, () -> "", BouncyCastleX25519::new),
          new X25519Candidate(JdkX25519.NAME, () -> "", JdkX25519::new));

  private X25519Providers() {}

  /** The names of all, available or not. */
  public static List<String> names() {
    return ALL.stream().map(X25519Candidate::name).toList();
  }

  /** What is missing or wrong with one; empty if it is available. */
  public static String whyUnavailable(String name) {
    return candidate(name).whyUnavailable();
  }

  public static List<X25519> available() {
    return ALL.stream().map(X25519Candidate::get).filter(Objects::nonNull).toList();
  }

  /** The first that is available. Does not load the others' libraries. */
  public static X25519 fastest() {
    for (X25519Candidate candidate : ALL) {
      X25519 x25519 = candidate.get();
      if (x25519 != null) {
        return x25519;
      }
    }
    throw new IllegalStateException("no X25519 provider is available");
  }

  /**
   * The available implementation of this name.
   *
   * @throws IllegalArgumentException if there is none; the message says why
   */
  public static X25519 named(String name) {
    X25519Candidate candidate = candidate(name);
    X25519 x25519 = candidate.get();
    if (x25519 == null) {
      throw new IllegalArgumentException(
          "X25519 provider " + name + " is not available: " + candidate.whyUnavailable());
    }
    return x25519;
  }

  private static X25519Candidate candidate(String name) {
    return ALL.stream()
        .filter(candidate -> candidate.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no X25519 provider is called "
                        + name
                        + "; there are "
                        + String.join(", ", names())));
  }
}
