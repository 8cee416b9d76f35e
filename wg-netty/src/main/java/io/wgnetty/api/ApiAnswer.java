package io.wgnetty.api;

import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/**
 * What a client gets.
 *
 * @param body the whole of it; {@code null} if it comes piece by piece
 * @param stream writes it, until there is no more or nobody reads
 */
record ApiAnswer(int status, String type, @Nullable String body, @Nullable Stream stream) {
  static final String JSON = "application/json; charset=utf-8";

  /** A document for each line. */
  static final String LINES = "application/x-ndjson; charset=utf-8";

  /** Something that is written as it comes. */
  @FunctionalInterface
  interface Stream {
    void writeTo(PrintStream out) throws ApiFailure;
  }

  static ApiAnswer json(int status, String body) {
    return new ApiAnswer(status, JSON, body, null);
  }

  static ApiAnswer lines(Stream stream) {
    return new ApiAnswer(200, LINES, null, stream);
  }
}
