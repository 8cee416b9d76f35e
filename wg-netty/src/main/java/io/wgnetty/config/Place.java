package io.wgnetty.config;

import java.util.Comparator;

/**
 * Where something stands in a file.
 *
 * @param line from 1
 * @param column in characters, from 1
 */
record Place(int line, int column) implements Comparable<Place> {
  static final Place BEGIN = new Place(1, 1);

  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
