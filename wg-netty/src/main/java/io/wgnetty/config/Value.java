package io.wgnetty.config;

/**
 * What stands behind the {@code =} of a line, without white space. A view that is valid until the
 * cursor moves on: secrets are read from it character by character.
 */
final class Value implements CharSequence {
  private final LineCursor line;
  private final int start;

  Value(LineCursor line) {
    this.line = line;
    start = line.separator() + 1;
  }

  @Override
  public int length() {
    return line.length() - start;
  }

  @Override
  public char charAt(int index) {
    return line.charAt(start + index);
  }

  @Override
  public String subSequence(int from, int to) {
    return line.text(start + from, start + to);
  }

  /** The whole as a string; not for secrets. */
  @Override
  public String toString() {
    return subSequence(0, length());
  }

  Place place(int index) {
    return line.place(start + index);
  }

  /** Whether white space stood between this character and the one before. */
  boolean isAfterSpace(int index) {
    int at = start + index;
    return line.originOf(at) != line.originOf(at - 1) + 1;
  }
}
