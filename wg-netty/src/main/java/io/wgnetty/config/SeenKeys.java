package io.wgnetty.config;

import java.util.Arrays;

/** Which keys a section has had, and in which line last. */
final class SeenKeys {
  private final int[] lines = new int[Keyword.values().length];

  /** Notes the key and says in which line it was before; 0 if it was not. */
  int put(Keyword keyword, int line) {
    int before = lines[keyword.ordinal()];
    lines[keyword.ordinal()] = line;
    return before;
  }

  boolean has(Keyword keyword) {
    return lines[keyword.ordinal()] != 0;
  }

  void clear() {
    Arrays.fill(lines, 0);
  }
}
