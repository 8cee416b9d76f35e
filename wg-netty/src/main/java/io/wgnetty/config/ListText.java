package io.wgnetty.config;

import java.util.ArrayList;
import java.util.List;

/** Cuts a value into the pieces of a list. */
final class ListText {
  /**
   * One of them.
   *
   * @param index where it begins in the value
   */
  record Piece(int index, String text) {}

  private ListText() {}

  /** As wg does it: at commas alone. An empty piece is one. */
  static List<Piece> atCommas(Value value) {
    List<Piece> pieces = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= value.length(); i++) {
      if (i == value.length() || value.charAt(i) == ',') {
        pieces.add(new Piece(begin, value.subSequence(begin, i)));
        begin = i + 1;
      }
    }
    return pieces;
  }

  /** As wg-quick does it: at commas and white space. There are no empty pieces. */
  static List<Piece> atCommasAndSpaces(Value value) {
    List<Piece> pieces = new ArrayList<>();
    int begin = 0;
    for (int i = 0; i <= value.length(); i++) {
      boolean comma = i == value.length() || value.charAt(i) == ',';
      if ((comma || (i > 0 && value.isAfterSpace(i))) && i > begin) {
        pieces.add(new Piece(begin, value.subSequence(begin, i)));
        begin = i;
      }
      if (comma) {
        begin = i + 1;
      }
    }
    return pieces;
  }
}
