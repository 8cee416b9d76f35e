package io.wgnetty.peers.source;

import io.wgnetty.crypto.PublicKey;
import org.jspecify.annotations.Nullable;

/** Public keys in names of files and in URLs: base64 with {@code -} and {@code _}, without =. */
final class KeyNames {
  private static final int CHARACTERS = 43;

  private KeyNames() {}

  static String of(PublicKey key) {
    return key.toBase64().substring(0, CHARACTERS).replace('+', '-').replace('/', '_');
  }

  static @Nullable PublicKey parse(String name) {
    if (name.length() != CHARACTERS) {
      return null;
    }
    try {
      return PublicKey.fromBase64(name.replace('-', '+').replace('_', '/') + "=");
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
