package io.wgnetty.client;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a node said of itself or of one peer: values by key, some keys more than once. */
public final class Facts {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /** Adds a value behind those of the key that are there. */
  public void add(String key, String value) {
    values.computeIfAbsent(key, absent -> new ArrayList<>(1)).add(value);
  }

  public void addAll(Facts others) {
    others.values.forEach((key, all) -> all.forEach(value -> add(key, value)));
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The first value, null if there is none. */
  public @Nullable String text(String key) {
    List<String> all = values.get(key);
    return all == null ? null : all.getFirst();
  }

  public String text(String key, String otherwise) {
    String text = text(key);
    return text == null ? otherwise : text;
  }

  /** All values, in order. */
  public List<String> all(String key) {
    return values.getOrDefault(key, List.of());
  }

  /** The value as a number; 0 if there is none, or it is not one. */
  public long number(String key) {
    return number(key, 0);
  }

  public long number(String key, long otherwise) {
    String text = text(key);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return otherwise;
    }
  }

  boolean isTrue(String key) {
    return "true".equals(text(key));
  }

  /** Values of the form {@code WORD:NUMBER}, in order. */
  public Map<String, Long> counts(String key) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String value : all(key)) {
      int colon = value.lastIndexOf(':');
      try {
        counts.put(
            value.substring(0, Math.max(colon, 0)),
            Long.parseLong(value, colon + 1, value.length(), 10));
      } catch (NumberFormatException e) {
        counts.put(value, 0L);
      }
    }
    return counts;
  }

  /** The value, 64 hexadecimal digits, as a key; null if it is none. */
  @Nullable PublicKey key(String key) {
    String hex = text(key);
    try {
      return hex == null ? null : PublicKey.fromHex(hex);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** The key as people see it. */
  public String base64(String key) {
    PublicKey found = key(key);
    return found == null ? "(unknown)" : found.toBase64();
  }
}
