package io.wgnetty.observe;

/**
 * What a page of the metrics server says.
 *
 * @param status the HTTP status
 * @param type the content's type
 */
record Answer(int status, String type, String content) {
  private static final int OK = 200;
  private static final int NOT_AVAILABLE = 503;
  private static final String TEXT = "text/plain; charset=utf-8";

  static Answer ok(String type, String content) {
    return new Answer(OK, type, content);
  }

  static Answer ok(String words) {
    return text(OK, words);
  }

  /** Not now; {@code words} say why. */
  static Answer notAvailable(String words) {
    return text(NOT_AVAILABLE, words);
  }

  static Answer text(int status, String words) {
    return new Answer(status, TEXT, words + "\n");
  }
}
