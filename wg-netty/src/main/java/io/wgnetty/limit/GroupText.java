package io.wgnetty.limit;

/** The names of groups, and what belongs to one: {@code sales 100M}. */
public final class GroupText {
  /** As of a record of a directory. */
  public static final int MAX_CHARACTERS = 64;

  /**
   * What is said of a group.
   *
   * @param words a limit or a quota
   */
  public record Said(String group, String words) {}

  private GroupText() {}

  /**
   * A group's name.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static String name(String text) {
    boolean fits =
        !text.isEmpty()
            && text.length() <= MAX_CHARACTERS
            && text.codePoints().noneMatch(GroupText::isStrange);
    if (!fits) {
      throw new IllegalArgumentException(
          "a group's name is one word of up to " + MAX_CHARACTERS + " characters");
    }
    return text;
  }

  private static boolean isStrange(int codePoint) {
    return Character.isWhitespace(codePoint) || Character.isISOControl(codePoint);
  }

  /**
   * A name and what belongs to it.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public static Said parse(String text) {
    String[] parts = text.strip().split("\\s+", 2);
    if (parts.length < 2) {
      throw new IllegalArgumentException("the name of a group comes first, as in 'sales 100M'");
    }
    return new Said(name(parts[0]), parts[1]);
  }
}
