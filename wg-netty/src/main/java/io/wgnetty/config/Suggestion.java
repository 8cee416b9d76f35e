package io.wgnetty.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What somebody may have meant who wrote a word that there is not. */
final class Suggestion {
  /** Names that people use for things that have another here. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of("psk", "PresharedKey", "ip", "Address", "nameserver", "DNS", "nameservers", "DNS");

  /** A shorter piece of a name could be of many. */
  private static final int MIN_PIECE = 4;

  private Suggestion() {}

  /** The name that is nearest to the word, {@code null} if none is near. */
  static @Nullable String nearest(String word, Iterable<String> names) {
    String plain = plain(word);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String name : names) {
      if (name.equals(OTHER_NAMES.get(plain))) {
        return name;
      }
      int distance = distance(plain, plain(name));
      if (distance < bestDistance && isNear(distance, plain, plain(name))) {
        best = name;
        bestDistance = distance;
      }
    }
    return best;
  }

  private static boolean isNear(int distance, String word, String name) {
    return distance <= Math.max(1, name.length() / 3)
        || (word.length() >= MIN_PIECE && name.contains(word));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Letters to insert, delete, replace, or swap with their neighbour. */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    Arrays.setAll(last, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
