package io.wgnetty.client;

/** Takes the lines of a node's answer. */
interface AnswerLines {
  void line(String key, String value);

  /**
   * A key that is secret.
   *
   * @param hex its digits; overwritten when this returns
   */
  default void secret(String key, byte[] hex) {}
}
