package io.wgnetty.observe;

import java.util.Iterator;

/**
 * A content that is made while it is sent, on the server's thread. Closed once, however it ends.
 */
interface AnswerPieces extends Iterator<String>, AutoCloseable {
  @Override
  void close();
}
