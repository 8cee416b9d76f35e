package io.wgnetty.crypto;

import java.util.List;

/** The X25519 implementations known, the fastest first. */
public final class X25519Providers {
  private static final List<X25519> AVAILABLE = List.of(new BouncyCastleX25519(), new JdkX25519());

  private X25519Providers() {}

  public static List<X25519> available() {
    return AVAILABLE;
  }

  public static X25519 fastest() {
    return AVAILABLE.getFirst();
  }

  /**
   * The available implementation of this name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static X25519 named(String name) {
    for (X25519 x25519 : AVAILABLE) {
      if (x25519.name().equals(name)) {
        return x25519;
      }
    }
    throw new IllegalArgumentException("no X25519 provider is called " + name);
  }
}
