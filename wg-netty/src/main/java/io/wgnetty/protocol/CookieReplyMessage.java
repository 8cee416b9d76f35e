package io.wgnetty.protocol;

import java.util.Arrays;

/** The answer of a loaded device to a handshake message, 64 bytes (protocol 2.1 type 3). */
public final class CookieReplyMessage implements HandshakeMessage {
  private final byte[] bytes;

  CookieReplyMessage(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public byte[] bytes() {
    return bytes;
  }

  /** The sender index of the message that is answered. */
  public int receiverIndex() {
    return Messages.word(bytes, Messages.COOKIE_REPLY_RECEIVER_OFFSET);
  }

  /** A copy of the random nonce. */
  byte[] nonce() {
    return Arrays.copyOfRange(
        bytes, Messages.COOKIE_REPLY_NONCE_OFFSET, Messages.COOKIE_REPLY_COOKIE_OFFSET);
  }
}
