package io.wgnetty.protocol;

import org.jspecify.annotations.Nullable;

/** A datagram that is well-formed as one of the three messages of a handshake; no more is known. */
public sealed interface HandshakeMessage
    permits InitiationMessage, ResponseMessage, CookieReplyMessage {

  /** The whole datagram: the array itself, not a copy. */
  byte[] bytes();

  /**
   * Reads a datagram, whose array the message keeps.
   *
   * @return null unless the type word is 1, 2 or 3 and the length is exactly that type's
   */
  static @Nullable HandshakeMessage parse(byte[] datagram) {
    // Every type has its own length, and all are long enough for the type word.
    return switch (datagram.length) {
      case Messages.INITIATION_BYTES ->
          isType(datagram, Messages.INITIATION) ? new InitiationMessage(datagram) : null;
      case Messages.RESPONSE_BYTES ->
          isType(datagram, Messages.RESPONSE) ? new ResponseMessage(datagram) : null;
      case Messages.COOKIE_REPLY_BYTES ->
          isType(datagram, Messages.COOKIE_REPLY) ? new CookieReplyMessage(datagram) : null;
      default -> null;
    };
  }

  private static boolean isType(byte[] datagram, int type) {
    return Messages.word(datagram, Messages.TYPE_OFFSET) == type;
  }
}
