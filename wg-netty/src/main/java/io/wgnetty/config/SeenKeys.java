package io.wgnetty.config;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which keys a section has had, and in which line last. */
final class SeenKeys {
  private final Map<Keyword, Integer> lines = new EnumMap<>(Keyword.class);

  /** Notes the key and says in which line it was before, {@code null} if it was not. */
  @Nullable Integer put(Keyword keyword, int line) {
    return lines.put(keyword, line);
  }

  boolean has(Keyword keyword) {
    return lines.containsKey(keyword);
  }

  void clear() {
    lines.clear();
  }
}
