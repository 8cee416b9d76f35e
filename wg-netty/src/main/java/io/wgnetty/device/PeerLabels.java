package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The names that people have given to peers. Any thread. */
public final class PeerLabels {
  private static final int SHORT_KEY_CHARACTERS = 8;

  private final ConcurrentHashMap<PublicKey, String> labels = new ConcurrentHashMap<>();

  /** Names a peer; {@code null} takes the name away. */
  public void set(PublicKey key, @Nullable String label) {
    if (label == null) {
      labels.remove(key);
    } else {
      labels.put(key, label);
    }
  }

  /** The name of a peer, if it has one. */
  public @Nullable String get(PublicKey key) {
    return labels.get(key);
  }

  /** The name of a peer; the beginning of its key if it has none. */
  public String nameOf(PublicKey key) {
    String label = labels.get(key);
    return label == null ? shortForm(key) : label;
  }

  /** The first characters of a key in base64: enough to find it in a list. */
  public static String shortForm(PublicKey key) {
    return key.toBase64().substring(0, SHORT_KEY_CHARACTERS);
  }
}
