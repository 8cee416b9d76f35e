package io.wgnetty.config;

/** A value that its key cannot have; the message says what is wrong and what would be right. */
final class InvalidValue extends Exception {
  private static final long serialVersionUID = 1L;

  private final int index;

  /**
   * @param index of the character of the value that is meant
   */
  InvalidValue(int index, String message) {
    super(message, null, false, false); // a file may hold a million of them: no stack trace
    this.index = index;
  }

  int index() {
    return index;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
