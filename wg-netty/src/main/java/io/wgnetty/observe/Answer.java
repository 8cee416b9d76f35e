package io.wgnetty.observe;

import org.jspecify.annotations.Nullable;

/**
 * What a page of the metrics server says.
 *
 * @param status the HTTP status
 * @param type the content's type
 * @param content all of it
 * @param pieces what stands in its place where it is made while it is sent
 */
record Answer(int status, String type, String content, @Nullable AnswerPieces pieces) {
  private static final int OK = 200;
  private static final int NOT_AVAILABLE = 503;
  private static final String TEXT = "text/plain; charset=utf-8";

  static Answer ok(String type, String content) {
    return new Answer(OK, type, content, null);
  }

  /** A content that is made while it is sent. */
  static Answer ok(String type, AnswerPieces pieces) {
    return new Answer(OK, type, "", pieces);
  }

  static Answer ok(String words) {
    return text(OK, words);
  }

  /** Not now; {@code words} say why. */
  static Answer notAvailable(String words) {
    return text(NOT_AVAILABLE, words);
  }

  static Answer text(int status, String words) {
    return new Answer(status, TEXT, words + "\n", null);
  }
}
